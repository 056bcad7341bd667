import { describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { fakeIo } from '../support/cli.ts'

/** How many customers and groups a store that the command serves has. */
const people = async (...args: readonly string[]): Promise<readonly number[]> => {
  const stop = new AbortController()
  const io = fakeIo({ signal: stop.signal })
  const ended = run(['emulator', '--json', ...args], io, verbs)
  while (!io.out()) await new Promise((done) => setTimeout(done, 5))
  const { url, storeHash, accessToken } = JSON.parse(io.out())
  const rows = async (path: string): Promise<unknown[]> => {
    const answer = await fetch(`${url}/stores/${storeHash}/${path}`, {
      headers: { 'X-Auth-Token': accessToken, Accept: 'application/json' },
    })
    const body = answer.status === 204 ? [] : ((await answer.json()) as unknown[] | { data: unknown[] })
    return Array.isArray(body) ? body : body.data
  }
  const found = [await rows('v3/customers'), await rows('v2/customer_groups')]
  stop.abort()
  expect(await ended).toBe(0)
  return found.map(({ length }) => length)
}

describe('the store that `skiff emulator` serves', () => {
  it('without products has no customers and no groups of them either', async () => {
    expect(await people('--products', '0')).toEqual([0, 0])
  })

  it('has as many customers as are asked for, and a dozen where nothing is said', async () => {
    expect(await people('--products', '0', '--customers', '3')).toEqual([3, 3])
    expect(await people('--products', '5')).toEqual([12, 3])
  })
})
