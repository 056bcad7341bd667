import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/index.ts'
import type { Clock } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

/** A clock that stands still until it is told to go on. */
interface HandClock extends Clock {
  advance(ms: number): Promise<void>
}

const handClock = (start = Date.UTC(2025, 0, 15, 10, 30, 0)): HandClock => {
  let passed = 0
  let sleepers: { readonly until: number; readonly wake: () => void }[] = []
  return {
    now: () => start + passed,
    elapsed: () => passed,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ until: passed + ms, wake })
      }),
    advance: async (ms) => {
      await settled()
      passed += ms
      for (const { wake } of sleepers.filter(({ until }) => until <= passed)) wake()
      sleepers = sleepers.filter(({ until }) => until > passed)
      await settled()
    },
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export interface Shop {
  readonly emulator: Emulator
  readonly clock: HandClock
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Called>
}

interface Called {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape.
  readonly body: any
}

/** An emulator on a clock of its own, and a short way to call it. */
export const shop = (options: Partial<EmulatorOptions> = {}): Shop => {
  const clock = handClock()
  const emulator = createEmulator({ catalog, clock, products: 0, plan: 'unlimited', ...options })
  const call: Shop['call'] = async (method, path, body, headers = {}) => {
    const response = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
      method,
      headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.startsWith('application/json') && text !== ''
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined }
  }
  return { emulator, clock, call }
}

/** The least that a product needs. */
export const newProduct = (name: string, more: object = {}) => ({
  name,
  type: 'physical',
  weight: 1,
  price: 10,
  ...more,
})
