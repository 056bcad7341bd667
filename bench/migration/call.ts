import type { Emulator } from '../../src/emulator/index.ts'
import type { Clock } from '../../src/model/index.ts'

/** An emulated store, and the time that it lives in. */
export interface Shop {
  readonly emulator: Emulator
  readonly clock: Pick<Clock, 'sleep'>
}

/** Somebody else's request, by the API and within its quota. */
export const call = async (shop: Shop, method: string, path: string, body: object): Promise<Answered> => {
  const { emulator, clock } = shop
  const answer = await emulator.fetch(`${emulator.origin}/stores/${emulator.storeHash}${path}`, {
    method,
    headers: { 'X-Auth-Token': emulator.accessToken, 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (answer.status === 429) {
    await clock.sleep(Number(answer.headers.get('X-Rate-Limit-Time-Reset-Ms')) + 1)
    return call(shop, method, path, body)
  }
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  const said = JSON.parse(text || '{}') as { readonly data?: Answered }
  return said.data ?? (said as Answered)
}

interface Answered {
  readonly id: number
  readonly [field: string]: unknown
}

/** The same with many rows, some of them to a request. */
export const callAll = async (
  shop: Shop,
  method: string,
  path: string,
  batch: number,
  rows: readonly object[],
): Promise<void> => {
  for (let start = 0; start < rows.length; start += batch)
    await call(shop, method, path, rows.slice(start, start + batch))
}

/** One of so many rows. */
export const every = <T>(step: number, rows: readonly T[]): readonly T[] => rows.filter((_, at) => at % step === 0)
