import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SourceRefusedError } from '../../src/model/index.ts'
import { editJson } from '../../src/sources/formats/json-edit.ts'
import { type JsonNode, type ObjectNode, parseJson } from '../../src/sources/formats/json-tree.ts'

const PLACE = { origin: 'x.json', line: 1 }

const meaning = (node: JsonNode): unknown => {
  switch (node.kind) {
    case 'object':
      return Object.fromEntries([...node.properties].map(([name, inner]) => [name, meaning(inner)]))
    case 'array':
      return node.items.map(meaning)
    case 'string':
      return node.text
    case 'null':
      return null
    default:
      return JSON.parse(node.text)
  }
}

const accepts = (read: () => unknown): boolean => {
  try {
    read()
    return true
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof SourceRefusedError) return false
    throw error
  }
}

describe('parsing JSON', () => {
  it('finds what the platform finds, and the place of it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const written = JSON.stringify(JSON.parse(text), null, indent)
        const node = parseJson(written, PLACE)
        expect(meaning(node)).toEqual(JSON.parse(written))
        expect([node.start, node.end]).toEqual([0, written.length])
      }),
    )
  })

  it('D32: takes no text that the platform does not take, whatever was done to it', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '1',
      '-',
      '0',
      '.',
      'e',
      'null',
      'tru',
      ' ',
      '\n',
      '//',
      '\\',
      '\u0001',
      "'",
    )
    const broken = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat(3), fc.array(piece, { maxLength: 3 }))
      .map(([text, at, drop, put]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + put.join('') + text.slice(place + drop)
      })
    fc.assert(
      fc.property(broken, (text) => {
        if (accepts(() => parseJson(text, PLACE))) expect(accepts(() => JSON.parse(text))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('replaces one value, and everything else stays as it was', () => {
    const record = fc.record({
      sku: fc.string(),
      a: fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
      'b c': fc.json(),
    })
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 5 }), fc.nat(), fc.string(), (records, at, wanted) => {
        const line = (at % records.length) + 1
        const text = JSON.stringify(records, null, 1)
        const edits = new Map([[line, new Map([[0, wanted]])]])
        const all = (whole: string) =>
          (parseJson(whole, PLACE) as { items: readonly ObjectNode[] }).items.map((node, index) => ({
            line: index + 1,
            start: 0,
            node,
          }))
        const after = Buffer.from(editJson(Buffer.from(text), edits, ['a'], 'x', all)).toString('utf8')
        const then = JSON.parse(after) as (typeof records)[number][]
        const before = JSON.parse(text) as (typeof records)[number][]
        expect(then.map(({ a: _, ...others }) => others)).toEqual(before.map(({ a: _, ...others }) => others))
        expect(then.map(({ a }, index) => (index + 1 === line ? String(a ?? '') : a))).toEqual(
          before.map(({ a }, index) => (index + 1 === line ? wanted : a)),
        )
      }),
    )
  })
})
