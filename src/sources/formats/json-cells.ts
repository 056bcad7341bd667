import { SourceRefusedError } from '../../model/index.ts'
import type { Table, TableRecord } from '../format.ts'
import { nearest } from '../nearest.ts'
import type { JsonNode, ObjectNode } from './json-tree.ts'

/** An object as a record: its values by name, nested ones by their path, such as `price.amount`. */
export interface JsonRecord {
  /** Of the record: its line, or its number in an array. */
  readonly line: number
  readonly cells: ReadonlyMap<string, string>
}

/** What a value is as the text of a cell: numbers digit by digit as they are written, null as nothing, lists and objects as JSON. */
export const jsonRecord = (
  line: number,
  node: ObjectNode,
  text: string,
  wanted: readonly string[],
  origin: string,
): JsonRecord => {
  const cells = new Map<string, string>()
  const add = (name: string, value: JsonNode): void => {
    const isObject = value.kind === 'object'
    if (!isObject || wanted.includes(name)) {
      if (cells.has(name)) throw ambiguous(name, line, origin)
      cells.set(name, isObject || value.kind === 'array' ? text.slice(value.start, value.end) : value.text)
    }
    if (isObject) for (const [inner, child] of value.properties) add(`${name}.${inner}`, child)
  }
  for (const [name, value] of node.properties) add(name, value)
  return { line, cells }
}

/**
 * A table of records that name their own columns: those that are wanted, then the others of the first record. A value that a record
 * lacks is a blank.
 * @throws {SourceRefusedError} after the last record, when no record has a column that is wanted.
 */
export const recordTable = async (
  batches: AsyncGenerator<readonly JsonRecord[]>,
  wanted: readonly string[],
  origin: string,
): Promise<Table> => {
  const first = await batches.next()
  const head = first.done ? [] : [...(first.value[0]?.cells.keys() ?? [])]
  const columns = [...new Set([...wanted, ...head])]
  return { columns, headerLine: null, batches: tableRecords(first, batches, { columns, wanted, origin }) }
}

interface Shape {
  readonly columns: readonly string[]
  readonly wanted: readonly string[]
  readonly origin: string
}

async function* tableRecords(
  first: IteratorResult<readonly JsonRecord[]>,
  rest: AsyncGenerator<readonly JsonRecord[]>,
  { columns, wanted, origin }: Shape,
): AsyncGenerator<readonly TableRecord[]> {
  const missing = new Set(wanted)
  const named = new Set<string>()
  for (let next = first; !next.done; next = await rest.next()) {
    for (const { cells } of missing.size ? next.value : []) {
      for (const name of cells.keys()) {
        missing.delete(name)
        if (named.size < MOST_NAMED) named.add(name)
      }
    }
    yield next.value.map(({ line, cells }) => ({ line, cells: columns.map((name) => cells.get(name) ?? '') }))
  }
  if (missing.size && named.size) throw lacking([...missing], [...named], origin)
}

const MOST_NAMED = 2000

const lacking = (missing: readonly string[], named: readonly string[], origin: string): SourceRefusedError => {
  const near = nearest(missing[0] ?? '', named)
  const shown = named.slice(0, 20).join(', ')
  return new SourceRefusedError(
    `no record of ${origin} has ${missing.map((name) => `"${name}"`).join(', ')}; they have ${shown}`,
    {
      where: origin,
      hint:
        near === undefined
          ? 'correct the mapping; a nested value is named by its path, such as "price.amount"'
          : `did you mean "${near}"?`,
    },
  )
}

const ambiguous = (name: string, line: number, origin: string): SourceRefusedError =>
  new SourceRefusedError(`record ${line} of ${origin} has both a value "${name}" and one inside another of that path`, {
    where: `${origin}, record ${line}`,
    hint: 'rename one of them in the program that writes the file',
  })
