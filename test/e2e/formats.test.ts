import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../src/model/index.ts'
import { deflatedZip } from '../../src/sources/formats/stored-zip.ts'
import { type BlackBox, openBlackBox } from '../support/black-box.ts'

let box: BlackBox
beforeAll(async () => {
  box = await openBlackBox({ products: 20 })
  await box.skiff('pull')
})
afterAll(() => box.close())

/** The price sync over another file. */
const readFrom = (source: object): void => {
  const settings = JSON.parse(box.read('sync.config.json')) as object
  box.write('sync.config.json', JSON.stringify({ ...settings, sources: { feed: source } }))
}

const PRICES = "SELECT sku, price FROM skus WHERE sku <> '' ORDER BY sku"

const planned = async (): Promise<readonly [number | null, number, number]> => {
  const { exit, document } = await box.json<Plan>('plan', 'prices')
  expect(document).toHaveProperty('summary')
  return [exit, document.summary.unchanged, document.changes.length]
}

describe('the built command', () => {
  it.each(['csv', 'tsv', 'xlsx', 'jsonl'])('writes %s and reads it again', async (type) => {
    const path = `prices.${type}`
    const { exit, err } = await box.skiff('export', PRICES, '--to', path)
    expect(exit, err).toBe(0)
    readFrom({ type, path })
    const { document } = await box.json<readonly { n: number }[]>('query', `SELECT count(*) AS n FROM (${PRICES})`)
    expect(await planned()).toEqual([0, document[0]?.n, 0])
  })

  it('reads packed files, and writes Parquet', async () => {
    await box.skiff('export', PRICES, '--to', 'prices.csv')
    const bytes = readFileSync(join(box.dir, 'prices.csv'))
    for (const [name, packed] of [
      ['prices.zip', deflatedZip(new Map([['prices.csv', bytes]]))],
      ['prices.csv.gz', gzipSync(bytes)],
    ] as const) {
      writeFileSync(join(box.dir, name), packed)
      readFrom({ type: 'csv', path: name })
      expect([name, ...(await planned())]).toEqual([name, 0, expect.any(Number), 0])
    }
    const { exit, err } = await box.skiff('export', 'skus', '--to', 'skus.parquet')
    expect(exit, err).toBe(0)
    expect(readFileSync(join(box.dir, 'skus.parquet')).subarray(0, 4).toString()).toBe('PAR1')
  })
})
