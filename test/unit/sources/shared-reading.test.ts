import { describe, expect, it } from 'vitest'
import type { Since } from '../../../src/model/index.ts'
import type { TableRecord } from '../../../src/sources/format.ts'
import { sharedReading } from '../../../src/sources/shared-reading.ts'
import type { TableReading } from '../../../src/sources/table-source.ts'

const WANTED = { columns: ['sku'], keyColumns: ['sku'] }
const FIRST: Since = { watermark: '5', at: '2026-01-01T00:00:00Z' }

/** A table of which each reading finds another state. */
const changing = () => {
  const opened: string[] = []
  let states = 0
  const open = async (): Promise<TableReading> => {
    opened.push('open')
    states += 1
    const state = `state ${states}`
    return {
      table: {
        columns: ['sku'],
        headerLine: 1,
        batches: (async function* () {
          yield [{ line: 2, cells: [state] }]
          yield [{ line: 3, cells: ['x'] }]
        })(),
      },
      finish: async () => ({ sha256: state, modified: null }),
      close: async () => void opened.push('closed'),
    }
  }
  return { opened, open }
}

const readWhole = async ({ table, finish, close }: TableReading) => {
  const records: TableRecord[] = []
  for await (const batch of table.batches) records.push(...batch)
  const { sha256 } = await finish()
  await close()
  return [table.columns, table.headerLine, records.map(({ line, cells }) => `${line} ${cells}`), sha256]
}

describe('a reading that several sources share', () => {
  it('goes over the table once, and gives every later one the same records and the same hash', async () => {
    const { opened, open } = changing()
    const shared = sharedReading(WANTED)
    const first = await readWhole(await shared.open(undefined, open))
    expect(first).toEqual([['sku'], 1, ['2 state 1', '3 x'], 'state 1'])
    expect(await readWhole(await shared.open(undefined, open))).toEqual(first)
    expect(await readWhole(await shared.open(undefined, open))).toEqual(first)
    expect(opened).toEqual(['open', 'closed'])
    await shared.forget()
  })

  it('is not kept where it did not come to its end, or was forgotten', async () => {
    const { opened, open } = changing()
    const shared = sharedReading(WANTED)
    const cut = await shared.open(undefined, open)
    for await (const _batch of cut.table.batches) break
    await cut.close()
    expect([shared.isKept(), opened]).toEqual([false, ['open', 'closed']])
    expect((await readWhole(await shared.open(undefined, open))).at(-1)).toBe('state 2')
    expect(shared.isKept()).toBe(true)
    await shared.forget()
    expect(shared.isKept()).toBe(false)
    expect((await readWhole(await shared.open(undefined, open))).at(-1)).toBe('state 3')
    await shared.forget()
  })

  it('does not pass for one of another part of the table', async () => {
    const { open } = changing()
    const shared = sharedReading(WANTED)
    await readWhole(await shared.open(FIRST, open))
    expect([shared.isKept(FIRST), shared.isKept(), shared.isKept({ ...FIRST, watermark: '6' })]).toEqual([
      true,
      false,
      false,
    ])
    expect((await readWhole(await shared.open(undefined, open))).at(-1)).toBe('state 2')
    await shared.forget()
  })
})
