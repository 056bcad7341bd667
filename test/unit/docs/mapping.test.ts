import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileExpression } from '../../../src/sources/expression/compile.ts'
import { functionsOf } from '../../../src/sources/expression/functions.ts'
import { signature } from '../../../src/sources/expression/names.ts'

// The table of the guide is the reference of the language, so each of its lines is tried.

const KNOWN: Readonly<Record<string, string>> = { EUR: '1.08', weight: 'lb', length: 'in', places: '2' }
const tables = { names: ['rates'], find: (_table: string, key: string) => KNOWN[key] }
const rows = [
  ...readFileSync('docs/guide/mapping.md', 'utf8').matchAll(
    /^\| `(\w+)(\([^`]*\))` \| .* \| `([^`]+)` \| `([^`]+)` \|$/gm,
  ),
].map(([, name = '', takes = '', example = '', result = '']) => ({ name, takes, example, result }))

describe('the table of functions in the guide', () => {
  it('has each function once, with what it takes', () => {
    const known = functionsOf({ tables }).map((one) => `${one.name}${signature(one)}`)
    expect(rows.map(({ name, takes }) => name + takes).sort()).toEqual(known.sort())
  })

  it.each(rows)('$name: $example is $result', ({ name, example, result }) => {
    expect(example).toContain(`${name}(`)
    expect(compileExpression({ text: example, numeric: false, tables }).evaluate([])).toBe(result)
  })
})
