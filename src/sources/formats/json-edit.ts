import { SourceRefusedError } from '../../model/index.ts'
import { markedAs } from '../decode.ts'
import { decodeWhole, encodeText } from '../encode.ts'
import type { CellEdits } from '../format.ts'
import type { JsonNode, ObjectNode } from './json-tree.ts'

/** A record with its place: offsets in the node count from `start`. */
interface PlacedRecord {
  readonly line: number
  readonly start: number
  readonly node: ObjectNode
}

/**
 * JSON with other values in some records, and not another byte changed. A value keeps its kind where the new text can be one: a
 * number stays a number, a text stays quoted. A value that a record lacks is added to its end.
 * @throws {SourceRefusedError} when the bytes are no UTF-8, or something else stands where a value should be added.
 */
export const editJson = (
  bytes: Uint8Array,
  edits: CellEdits,
  columns: readonly string[],
  origin: string,
  recordsOf: (text: string) => readonly PlacedRecord[],
): Uint8Array => {
  const head = bytes.subarray(0, markedAs(bytes)?.length ?? 0)
  const body = bytes.subarray(head.length)
  const text = decodeWhole(body, 'utf-8')
  if (!Buffer.from(encodeText(text, 'utf-8') ?? []).equals(body)) throw notUtf8(origin)
  const records = recordsOf(text)
  const kinds = new Map<string, JsonNode['kind']>()
  const kindOf = (name: string): JsonNode['kind'] => {
    const known = kinds.get(name) ?? usualKind(records, name)
    kinds.set(name, known)
    return known
  }
  const patches = records.flatMap(({ line, start, node }) =>
    [...(edits.get(line) ?? [])].map(([column, wanted]) => {
      const name = columns[column] ?? ''
      const patch = patchOf(node, name, (kind) => literal(wanted, kind === 'null' ? kindOf(name) : kind))
      if (!patch) throw noPlace(name, line, origin)
      return { ...patch, start: patch.start + start, end: patch.end + start }
    }),
  )
  return Buffer.concat([head, Buffer.from(patched(text, patches), 'utf8')])
}

interface Patch {
  readonly start: number
  readonly end: number
  readonly text: string
}

const patched = (text: string, patches: readonly Patch[]): string => {
  const parts: string[] = []
  let done = 0
  // Additions to one object stand at the same place, in the order of the columns.
  for (const patch of patches.toSorted((a, b) => a.start - b.start)) {
    parts.push(text.slice(done, patch.start), patch.text)
    done = patch.end
  }
  parts.push(text.slice(done))
  return parts.join('')
}

/** The value of a path replaced where it is, else added to the innermost object of its path. */
const patchOf = (record: ObjectNode, path: string, write: (kind: JsonNode['kind']) => string): Patch | undefined => {
  const found = valueAt(record, path)
  if (found) return { start: found.start, end: found.end, text: write(found.kind) }
  const names = path.split('.')
  let object = record
  while (names.length > 1) {
    const inner = object.properties.get(names[0] ?? '')
    if (!inner) break
    if (inner.kind === 'null')
      return { start: inner.start, end: inner.end, text: nested(names.slice(1), write('null')) }
    if (inner.kind !== 'object') return undefined
    object = inner
    names.shift()
  }
  const last = [...object.properties.values()].at(-1)
  const at = last?.end ?? object.start + 1
  const value = names.length > 1 ? nested(names.slice(1), write('null')) : write('null')
  return { start: at, end: at, text: `${last ? ',' : ''}${JSON.stringify(names[0])}:${value}` }
}

const nested = (names: readonly string[], value: string): string =>
  names.reduceRight((inner, name) => `{${JSON.stringify(name)}:${inner}}`, value)

/** The value that a path names; a name may hold dots itself. */
const valueAt = (object: ObjectNode, path: string): JsonNode | undefined => {
  const own = object.properties.get(path)
  if (own) return own
  for (const [name, inner] of object.properties) {
    if (inner.kind !== 'object' || !path.startsWith(`${name}.`)) continue
    const found = valueAt(inner, path.slice(name.length + 1))
    if (found) return found
  }
  return undefined
}

/** What the other records hold there; a text when none holds anything. */
const usualKind = (records: readonly PlacedRecord[], name: string): JsonNode['kind'] => {
  for (const { node } of records) {
    const found = valueAt(node, name)
    if (found && found.kind !== 'null') return found.kind
  }
  return 'string'
}

const literal = (text: string, kind: JsonNode['kind']): string => {
  if (kind === 'string' || kind === 'null') return JSON.stringify(text)
  if (text === '') return 'null'
  const fits = kind === 'number' ? NUMBER.test(text) : kind === 'boolean' ? /^(?:true|false)$/.test(text) : isJson(text)
  return fits ? text : JSON.stringify(text)
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const notUtf8 = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} holds bytes that are no UTF-8, so it cannot be written back`, {
    where: origin,
    hint: 'let its program write it in UTF-8',
  })

const noPlace = (name: string, line: number, origin: string): SourceRefusedError =>
  new SourceRefusedError(`record ${line} of ${origin} has no place for "${name}": a part of its path is no object`, {
    where: `${origin}, record ${line}`,
    hint: 'nothing was written; correct the mapping or the record',
  })
