import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { INPUTS } from '../../proof/inputs/all.ts'
import { FamiliarRows } from '../../src/engine/familiar-rows.ts'
import { Fingerprint, matchText, type SourceItem, SourceRefusedError } from '../../src/model/index.ts'
import { type CsvOptions, csvFormat } from '../../src/sources/csv-format.ts'
import { compileMapping } from '../../src/sources/mapping.ts'
import { type ReadOptions, readCsv, rule, targetFields, type Whole } from '../unit/sources/reading.ts'

const FACTS = { isOutside: false, isInStock: false, hasFigure: false, isInBase: false }

const keyOf = (item: Extract<SourceItem, { row: unknown }>): readonly [number, number] => {
  const { a, b } = new Fingerprint().ofKey(matchText(item.row.key))
  return [a, b]
}

/** What a plan that found all of these rows at rest would keep of them. */
const keptOf = (items: readonly SourceItem[], before = new FamiliarRows()): FamiliarRows => {
  for (const item of items) {
    if ('row' in item) before.add({ row: item.row, record: item.record, key: keyOf(item), owners: [], facts: FACTS })
  }
  const pieces = [...before.packed()]
  return new FamiliarRows(Uint32Array.from(pieces.flatMap((piece) => [...piece])))
}

type Outcome = { readonly whole: Whole } | { readonly refused: string; readonly where: string | undefined }

const outcomeOf = async (body: Uint8Array, options: ReadOptions): Promise<Outcome> => {
  try {
    return { whole: await readCsv(body, options) }
  } catch (error) {
    if (error instanceof SourceRefusedError) return { refused: error.message, where: error.where }
    throw error
  }
}

const bare = ({ record: _record, ...item }: SourceItem & { record?: unknown }) => item

/** A file read after another one, with what was kept of that: the same comes out, but for rows that said the same before. */
const holdsAfter = async (before: Uint8Array, after: Uint8Array, options: ReadOptions): Promise<number> => {
  const familiar = new FamiliarRows()
  const first = await outcomeOf(before, { ...options, familiar })
  const known = 'whole' in first ? first.whole.items : []
  const kept = keptOf(known, familiar)
  const fast = await outcomeOf(after, { ...options, familiar: kept })
  const slow = await outcomeOf(after, options)
  if (!('whole' in slow) || !('whole' in fast)) {
    expect(fast).toEqual(slow)
    return 0
  }
  const said = new Set(known.map((item) => ('row' in item ? JSON.stringify([item.row.key, item.row.values]) : '')))
  const rest = slow.whole.items.filter((item) => {
    if (!('row' in item) || !kept.hasPassed(...keyOf(item))) return true
    expect(said).toContain(JSON.stringify([item.row.key, item.row.values]))
    return false
  })
  expect(fast.whole.items.map(bare)).toEqual(rest)
  expect(fast.whole.summary).toEqual(slow.whole.summary)
  expect(kept.passed).toBe(slow.whole.items.length - rest.length)
  return kept.passed
}

const mapping = compileMapping({
  key: { sku: 'SKU' },
  fields: { price: rule('Price'), name: rule('Name') },
  targetFields,
})
const aGoodLine = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.nat(400).map((number) => `K${number}`) }, fc.constantFrom('A', 'a', 'é')),
    fc.constantFrom('1', '2.50', '3'),
    fc.constantFrom('tea', '"tea"', '"two\nlines"', '"with ""quotes"""', '"a,b"', 'ü', '"CR\r\nLF"'),
  )
  .map((cells) => cells.join(','))
const aBadLine = fc.constantFrom(
  ...['', ',,', 'H', '"', 'I,1,5" pipe', 'J,1,"open', 'K,1,x\rL,1,y', 'M,1,"x\ry"', '\ufeffN,1,z', 'O,1,z,4', '\0'],
  ...['P,x,tea', 'Q,,tea'],
)
const aFile = fc.array(aGoodLine, { maxLength: 14 })
const bytesOf = (head: string, lines: readonly string[], ending: string, end = ending) =>
  Buffer.from([head, ...lines].join(ending) + end)

describe('rows that said the same before', () => {
  it('are passed over, and everything else comes out of a file as it does without them', async () => {
    let passed = 0
    await fc.assert(
      fc.asyncProperty(
        aFile,
        fc.array(fc.tuple(fc.nat(13), fc.option(fc.oneof(aGoodLine, aBadLine))), { maxLength: 3 }),
        fc.constantFrom(
          'SKU,Price,Name',
          'SKU,Price,Name',
          'Name,Price,SKU',
          '\nSKU,Price,Name',
          '\ufeffSKU,Price,Name',
        ),
        fc.constantFrom('\n', '\n', '\r\n', '\r'),
        fc.constantFrom('same', 'same', '', '"'),
        fc.integer({ min: 1, max: 60 }),
        async (lines, edits, head, ending, end, piece) => {
          const after = edits.reduce<string[]>(
            (all, [at, line]) => all.toSpliced(at, line === null ? 1 : 0, line ?? ''),
            [...lines],
          )
          const before = bytesOf('SKU,Price,Name', lines, ending === '\r' ? '\n' : ending)
          passed += await holdsAfter(before, bytesOf(head, after, ending, end === 'same' ? ending : end), {
            mapping,
            piece,
          })
        },
      ),
      { numRuns: 300 },
    )
    expect(passed).toBeGreaterThan(100)
  })

  it('come again in any order', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `SKU-${index},${index}.5,tea`)
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(lines, { minLength: 1 }), async (after) => {
        const passed = await holdsAfter(
          bytesOf('SKU,Price,Name', lines, '\n'),
          bytesOf('SKU,Price,Name', after, '\n'),
          { mapping },
        )
        expect(passed).toBe(after.length)
      }),
    )
  })

  it.each<[string, CsvOptions, CsvOptions]>([
    ['another delimiter', { delimiter: ',' }, { delimiter: ';' }],
    ['another quote', { quote: '"' }, { quote: false }],
    ['another encoding', {}, { encoding: 'windows-1252' }],
  ])('are not taken for those of a file with %s', async (_what, before, after) => {
    const text = 'SKU,Price;X\nü;1,2\n'
    const read = (options: CsvOptions, familiar: FamiliarRows) =>
      csvFormat({ header: false, ...options }).open(one(Buffer.from(text)), 'feed.csv', [], familiar)
    const prints = async (options: CsvOptions) => {
      const found: unknown[] = []
      for await (const batch of (await read(options, new FamiliarRows())).batches)
        found.push(...batch.map(({ print }) => print))
      return found
    }
    const [, first] = await prints(before)
    expect(first).toBeDefined()
    expect((await prints(after))[1]).not.toEqual(first)
  })
})

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

describe('a file of the corpus of bad inputs', () => {
  const names = compileMapping({
    key: { sku: 'SKU' },
    fields: { price: rule('Price'), inventory_level: rule('Stock') },
    targetFields,
  })
  const numbers = compileMapping({
    key: { sku: '1' },
    fields: { price: rule('3'), inventory_level: rule('5') },
    targetFields,
  })
  const good = Buffer.from('SKU,Price,Stock\nA,1.5,3\nB,2,4\nTEA-1,10,5\n')

  it.each(INPUTS.filter(({ file }) => file.length < 100_000))(
    'reads as it does alone: $title',
    async ({ file: given, options = {} }) => {
      const file = Buffer.from(given as Uint8Array)
      const read = { options, mapping: options.header === false ? numbers : names }
      await holdsAfter(good, file, read)
      await holdsAfter(file, file, read)
      // The good rows first: a fault behind them is met when they were passed over already.
      const joined = Buffer.concat([good, file.subarray(Math.max(0, file.indexOf(10) + 1))])
      await holdsAfter(good, joined, read)
    },
  )
})
