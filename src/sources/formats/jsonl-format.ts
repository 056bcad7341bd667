import { SourceRefusedError } from '../../model/index.ts'
import { decodeText } from '../decode.ts'
import type { Format } from '../format.ts'
import { UnfinishedError } from '../unfinished.ts'
import { type JsonRecord, jsonRecord, recordTable } from './json-cells.ts'
import { editJson } from './json-edit.ts'
import { type ObjectNode, parseJson } from './json-tree.ts'

export interface JsonlOptions {
  /** Whether a last line without its end means that the file was cut; `required` when absent. */
  readonly finalNewline?: 'required' | 'optional'
}

/** One JSON object a line, UTF-8, streamed. A line that is none refuses the file: nobody knows what else went wrong with it. */
export const jsonlFormat = ({ finalNewline = 'required' }: JsonlOptions): Format => ({
  open: (bytes, origin, wanted = []) => recordTable(records(bytes, { origin, wanted, finalNewline }), wanted, origin),
  rewrite: (bytes, edits, origin, columns) =>
    editJson(bytes, edits, columns, origin, (text) =>
      lines(text).map(({ line, start, content }) => ({ line, start, node: objectOf(content, line, origin) })),
    ),
})

interface Facts {
  readonly origin: string
  readonly wanted: readonly string[]
  readonly finalNewline: 'required' | 'optional'
}

async function* records(
  bytes: AsyncIterable<Uint8Array>,
  { origin, wanted, finalNewline }: Facts,
): AsyncGenerator<readonly JsonRecord[]> {
  const parsed = (line: number, content: string): JsonRecord =>
    jsonRecord(line, objectOf(content, line, origin), content, wanted, origin)
  let line = 1
  let rest = ''
  let any = false
  for await (const text of decodeText(bytes, 'utf-8', origin)) {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    if (rest.length > LONGEST) throw tooLong(line + parts.length, origin)
    const found: JsonRecord[] = []
    for (const part of parts) {
      if (part.trim()) found.push(parsed(line, part))
      line += 1
    }
    any ||= found.length > 0
    yield* portions(found)
  }
  if (!rest.trim()) {
    if (!any) throw empty(origin)
    return
  }
  if (finalNewline === 'required') throw cut(line, origin)
  yield [parsed(line, rest)]
}

const objectOf = (content: string, line: number, origin: string): ObjectNode => {
  const node = parseJson(content, { origin, line })
  if (node.kind === 'object') return node
  throw new SourceRefusedError(
    `line ${line} of ${origin} is ${node.kind === 'array' ? 'a list' : 'a bare value'}, not an object`,
    {
      where: `${origin}, line ${line}, column ${node.start + 1}`,
      hint: node.kind === 'array' ? 'set "type": "json" if the whole file is one list' : 'write one object a line',
    },
  )
}

const BATCH = 500

function* portions(found: readonly JsonRecord[]): Generator<readonly JsonRecord[]> {
  for (let start = 0; start < found.length; start += BATCH) yield found.slice(start, start + BATCH)
}

/** Characters of a line. */
const LONGEST = 16 * 1024 * 1024

const lines = (
  text: string,
): readonly { readonly line: number; readonly start: number; readonly content: string }[] => {
  let start = 0
  return text.split('\n').flatMap((content, index) => {
    const own = { line: index + 1, start, content }
    start += content.length + 1
    return content.trim() ? [own] : []
  })
}

const tooLong = (line: number, origin: string): SourceRefusedError =>
  new SourceRefusedError(`line ${line} of ${origin} is longer than ${LONGEST / 1024 / 1024} MB`, {
    where: `${origin}, line ${line}`,
    hint: 'set "type": "json" if the file is one list, or end each object with a line ending',
  })

const cut = (line: number, origin: string): UnfinishedError =>
  new UnfinishedError(`${origin} may be cut: its last line ${line} has no line ending`, {
    where: `${origin}, line ${line}`,
    hint: 'end the last line, or set "finalNewline": "optional" when the program that writes the file never does',
  })

const empty = (origin: string): SourceRefusedError =>
  new SourceRefusedError(`${origin} is empty`, {
    where: origin,
    hint: 'look at the program that writes it; nothing is planned from an empty source',
  })
