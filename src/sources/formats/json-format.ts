import { SourceRefusedError } from '../../model/index.ts'
import { decodeText } from '../decode.ts'
import type { Format } from '../format.ts'
import { type JsonRecord, jsonRecord, recordTable } from './json-cells.ts'
import { editJson } from './json-edit.ts'
import { type ArrayNode, type JsonNode, type ObjectNode, parseJson } from './json-tree.ts'

export interface JsonOptions {
  /** Path of the list, such as `data.items`; the whole document is the list when absent. */
  readonly at?: string
}

/**
 * One JSON document, UTF-8, with a list of objects. It is read as a whole, because only its last bracket tells that it is; records
 * go by their number in the list. At most 64 MB.
 */
export const jsonFormat = ({ at }: JsonOptions): Format => ({
  open: async (bytes, origin, wanted = []) => {
    const text = await wholeText(bytes, origin)
    const found = objectsIn(text, at, origin).map((node, index) => jsonRecord(index + 1, node, text, wanted, origin))
    return recordTable(portions(found), wanted, origin)
  },
  rewrite: (bytes, edits, origin, columns) =>
    editJson(bytes, edits, columns, origin, (text) =>
      objectsIn(text, at, origin).map((node, index) => ({ line: index + 1, start: 0, node })),
    ),
})

const MOST_BYTES = 64 * 1024 * 1024

const wholeText = async (bytes: AsyncIterable<Uint8Array>, origin: string): Promise<string> => {
  let size = 0
  const counted = async function* () {
    for await (const chunk of bytes) {
      size += chunk.length
      if (size > MOST_BYTES) throw tooLarge(origin)
      yield chunk
    }
  }
  const parts: string[] = []
  for await (const text of decodeText(counted(), 'utf-8', origin)) parts.push(text)
  return parts.join('')
}

const objectsIn = (text: string, at: string | undefined, origin: string): readonly ObjectNode[] => {
  const list = listIn(parseJson(text, { origin, line: 1 }), at, origin)
  return list.items.map((node, index) => {
    if (node.kind === 'object') return node
    throw new SourceRefusedError(`item ${index + 1} of ${origin} is no object`, {
      where: `${origin}, ${placeOf(text, node.start)}`,
      hint: 'a source is a list of objects, each with the values of one row',
    })
  })
}

const listIn = (root: JsonNode, at: string | undefined, origin: string): ArrayNode => {
  let node: JsonNode | undefined = root
  for (const name of at?.split('.') ?? []) node = node?.kind === 'object' ? node.properties.get(name) : undefined
  if (node?.kind === 'array') return node
  const lists = listsIn(root)
  throw new SourceRefusedError(
    at === undefined ? `${origin} is no list of records` : `${origin} has no list at "${at}"`,
    {
      where: origin,
      hint: lists.length
        ? `set "at" to the path of the list; there is ${lists.map((path) => (path ? `"${path}"` : 'one at the root, without "at"')).join(', ')}`
        : 'a source needs a list of objects',
    },
  )
}

/** Paths of the lists that are not inside another list. */
const listsIn = (node: JsonNode, path = ''): readonly string[] => {
  if (node.kind === 'array') return [path]
  if (node.kind !== 'object') return []
  return [...node.properties].flatMap(([name, inner]) => listsIn(inner, path ? `${path}.${name}` : name)).slice(0, 10)
}

const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/)
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

const BATCH = 500

async function* portions(found: readonly JsonRecord[]): AsyncGenerator<readonly JsonRecord[]> {
  for (let start = 0; start < found.length; start += BATCH) yield found.slice(start, start + BATCH)
}

const tooLarge = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} is larger than ${MOST_BYTES / 1024 / 1024} MB`, {
    where: origin,
    hint: 'a JSON document is read as a whole; write one object a line and set "type": "jsonl", which has no limit',
  })
