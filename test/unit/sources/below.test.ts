import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below } from '../../../src/sources/below.ts'
import { chosenIn } from '../../../src/sources/chosen-text.ts'
import type { Below, Family, MappedRecord } from '../../../src/sources/group.ts'

/** Columns: what a row is, what it chooses. */
const BY: Below = {
  ...{ kind: 'below', at: 0, column: 'Item', parent: 'Product', variant: 'Variant', unread: 'Rule' },
  options: { column: 'Options', at: 1 },
}

const families = async (...rows: (readonly [string, string?, string?])[]): Promise<Family[]> => {
  const records = rows.map(([mark, options = '', fault], at): MappedRecord => {
    return { line: at + 2, cells: [mark, options], fault: fault ?? null }
  })
  const found: Family[] = []
  const batches = async function* () {
    for (const record of records) yield [record]
  }
  for await (const family of below(BY, batches())) found.push(family)
  return found
}

const SIZE_S = 'Type=Rectangle|Name=Size|Value=S'

describe('variants below their product', () => {
  it('belong to it until the next product; other rows are passed by', async () => {
    const found = await families(['Product'], ['  Variant', SIZE_S], ['Image'], ['Product'], ['Product'])
    expect(
      found.map(({ records, members, misfit }) => [
        records.map(({ line }) => line),
        members.map(({ choices }) => choices),
        misfit,
      ]),
    ).toEqual([
      [[2, 3, 4], [[{ option: 'Size', label: 'S', column: 'Options' }]], null],
      [[5], [], null],
      [[6], [], null],
    ])
  })

  it.each<[string, (readonly [string, string?, string?])[], object]>([
    ['no product is above', [['Variant', SIZE_S]], { line: 2, column: 'Item', value: 'Variant' }],
    ['a row that is not read is among them', [['Product'], ['Variant', SIZE_S], ['Rule']], { line: 4, value: 'Rule' }],
    [
      'one chooses nothing that can be read',
      [['Product'], ['Variant', 'S']],
      { line: 3, column: 'Options', value: 'S' },
    ],
    [
      'one chooses otherwise',
      [['Product'], ['Variant', SIZE_S], ['Variant', 'Type=Swatch|Name=Color|Value=Red']],
      { line: 4, column: 'Options' },
    ],
    [
      'one cannot be read',
      [['Product'], ['Product', '', 'ragged'], ['Variant', SIZE_S]],
      { line: 3, reason: 'ragged' },
    ],
  ])('are no product where %s', async (_title, rows, misfit) => {
    const found = await families(...rows)
    expect(found.map((one) => one.misfit)).toEqual([expect.objectContaining(misfit)])
  })
})

describe('what a variant chooses', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9 .,:()/-]{1,12}$/).map((one) => `x${one}x`)

  it('is read from either export of BigCommerce, whatever the words are', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ option: word, label: word }), { minLength: 1, maxLength: 4 }), (pairs) => {
        const named = pairs.map(({ option, label }) => `Type=Rectangle|Name=${option}|Value=${label}`)
        expect(chosenIn(named.join('|'))).toEqual(pairs)
        expect(chosenIn(named.join(''))).toEqual(pairs)
        expect(chosenIn(pairs.map(({ option, label }) => `[RT]${option}=${label}`).join(','))).toEqual(pairs)
        expect(chosenIn(pairs.map(({ option, label }) => `[CS]${option}=${label}:#FF0000`).join(','))).toEqual(pairs)
      }),
    )
  })

  it.each(['', 'S', 'Size: S', 'Type=Swatch', 'Type=Swatch|Name=|Value=S', '[RT]Size', '[RT]=S', '[RT]Size='])(
    'is unknown in %j',
    (text) => expect(chosenIn(text)).toBeUndefined(),
  )
})
