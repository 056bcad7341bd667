import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/index.ts'
import type { Clock } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

interface Reply {
  readonly status: number
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of every shape
  readonly body: any
}

export interface Shop {
  readonly emulator: Emulator
  readonly state: Emulator['state']
  /** Lets so many milliseconds pass. */
  pass(ms: number): void
  ask(method: string, path: string, body?: unknown): Promise<Reply>
  get(path: string): Promise<Reply>
}

export const START = Date.parse('2026-03-01T12:00:00Z')

/** A small emulated shop with a clock that only moves when told. */
export const openShop = (options: Partial<EmulatorOptions> = {}): Shop => {
  let now = START
  const clock: Clock = {
    now: () => now,
    elapsed: () => now - START,
    sleep: async (ms) => {
      now += ms
    },
  }
  const emulator = createEmulator({ catalog, clock, products: 60, plan: 'unlimited', ...options })
  const ask = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const sends = body !== undefined
    const response = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
      method,
      headers: { 'X-Auth-Token': emulator.accessToken, ...(sends && { 'Content-Type': 'application/json' }) },
      ...(sends && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: text === '' ? undefined : JSON.parse(text),
    }
  }
  return {
    emulator,
    state: emulator.state,
    pass: (ms) => {
      now += ms
    },
    ask,
    get: (path) => ask('GET', path),
  }
}
