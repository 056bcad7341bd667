import { describe, expect, it } from 'vitest'
import { INPUTS } from '../../../proof/inputs/all.ts'
import { compileMapping } from '../../../src/sources/mapping.ts'
import { readCsv, rule, targetFields, verdict } from './reading.ts'

const HEAD = 'SKU,Price,Stock\n'
const good = `${HEAD}A,1.5,3\nB,2,4\n`

// What comes of each of these files in a shop is told by test/proof/inputs.test.ts.
describe('a file that comes byte by byte', () => {
  const mapping = (names: readonly [string, string, string]) =>
    compileMapping({
      key: { sku: names[0] },
      fields: { price: rule(names[1]), inventory_level: rule(names[2]) },
      targetFields,
    })
  const small = INPUTS.filter(({ file }) => file.length < 3000)

  it.each(small)('reads as it does at once: $title', async ({ file, options = {} }) => {
    const read = { options, mapping: mapping(options.header === false ? ['1', '3', '5'] : ['SKU', 'Price', 'Stock']) }
    expect(await verdict(file, { ...read, piece: 1 })).toBe(await verdict(file, read))
  })
})

describe('a dialect that cannot be', () => {
  it.each([{ delimiter: '' }, { delimiter: '\n' }, { quote: '' }, { delimiter: '"' }, { quote: ',' }])(
    '%j is a mistake of the configuration',
    async (options) => {
      await expect(readCsv(good, { options })).rejects.toMatchObject({ code: 'usage' })
    },
  )
})

describe('the place of a refusal', () => {
  it.each([
    ['a quote', `${HEAD}A,1,2\n"B,2,3\n`, 'feed.csv, line 3, column 1', 'may be cut'],
    ['a missing column', 'SKU,Prise,Stock\nA,1,2\n', 'feed.csv, line 1', 'did you mean "Prise"?'],
    ['an encoding', Buffer.from(`${HEAD}Müller,1.5,3\n`, 'latin1'), 'feed.csv, byte 17', 'set "encoding"'],
    ['a delimiter', 'SKU;Price;Stock\nA;1;2\n', 'feed.csv, line 1', 'set "delimiter": ";"'],
    ['a cut end', good.slice(0, -1), 'feed.csv, line 3, column 3', '"finalNewline": "optional"'],
  ])('names where, and a remedy, for %s', async (_name, body, where, hint) => {
    await expect(readCsv(body)).rejects.toMatchObject({ where, hint: expect.stringContaining(hint) })
  })
})
