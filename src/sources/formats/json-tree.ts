import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'
import { SourceRefusedError } from '../../model/index.ts'

/** A JSON value with the place of its text, so that numbers keep every digit and a value can be replaced where it stands. */
export type JsonNode = ObjectNode | ArrayNode | ScalarNode

interface Span {
  /** Offsets in the text, the end not included. */
  readonly start: number
  readonly end: number
}

export interface ObjectNode extends Span {
  readonly kind: 'object'
  readonly properties: ReadonlyMap<string, JsonNode>
}

export interface ArrayNode extends Span {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}

export interface ScalarNode extends Span {
  readonly kind: 'string' | 'number' | 'boolean' | 'null'
  /** Decoded for a string. */
  readonly text: string
}

export interface JsonPlace {
  readonly origin: string
  /** Line that the text begins on, from 1. */
  readonly line: number
}

/**
 * Parses one JSON value after RFC 8259, and nothing beside it: no comments, no trailing commas, no name twice in an object, no more
 * than 64 levels.
 * @throws {SourceRefusedError} with line and column.
 */
export const parseJson = (text: string, place: JsonPlace): JsonNode => {
  const fail = (what: string, line: number, character: number): never => {
    const where = `line ${place.line + line}, column ${character + 1}`
    throw new SourceRefusedError(`${place.origin} is not valid JSON: ${what} at ${where}`, {
      where: `${place.origin}, ${where}`,
      hint: 'let its program write strict JSON, without comments and trailing commas, and look whether the file is whole',
    })
  }
  const builder = new Builder()
  visit(
    text,
    {
      onObjectBegin: (offset, _length, line, character) =>
        builder.begin('object', offset) ?? fail(DEEP, line, character),
      onArrayBegin: (offset, _length, line, character) => builder.begin('array', offset) ?? fail(DEEP, line, character),
      onObjectProperty: (name, _offset, _length, line, character) =>
        builder.name(name) ?? fail(`the name ${JSON.stringify(name)} for the second time`, line, character),
      onLiteralValue: (value, offset, length) => builder.scalar(value, offset, text.slice(offset, offset + length)),
      onObjectEnd: (offset, length) => builder.end(offset + length),
      onArrayEnd: (offset, length) => builder.end(offset + length),
      onError: (error, _offset, _length, line, character) => fail(complaint(error), line, character),
    },
    { disallowComments: true },
  )
  return builder.root ?? fail('there is no value', 0, 0)
}

const MOST_LEVELS = 64
const DEEP = `more than ${MOST_LEVELS} levels`

/** `PropertyNameExpected` to "property name expected". */
const complaint = (error: ParseErrorCode): string =>
  printParseErrorCode(error)
    .replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase()

type Open =
  | { readonly kind: 'object'; readonly start: number; readonly properties: Map<string, JsonNode>; name: string }
  | { readonly kind: 'array'; readonly start: number; readonly items: JsonNode[] }

/** Its steps answer undefined where the text goes beyond what is allowed. */
class Builder {
  root: JsonNode | undefined
  private readonly open: Open[] = []

  begin(kind: Open['kind'], start: number): true | undefined {
    if (this.open.length >= MOST_LEVELS) return undefined
    this.open.push(kind === 'object' ? { kind, start, properties: new Map(), name: '' } : { kind, start, items: [] })
    return true
  }

  name(name: string): true | undefined {
    const top = this.open.at(-1)
    if (top?.kind !== 'object' || top.properties.has(name)) return undefined
    top.name = name
    return true
  }

  scalar(value: unknown, start: number, raw: string): void {
    const kind = value === null ? 'null' : (typeof value as 'string' | 'number' | 'boolean')
    const text = kind === 'string' ? (value as string) : kind === 'null' ? '' : raw
    this.add({ kind, text, start, end: start + raw.length })
  }

  end(end: number): void {
    const top = this.open.pop()
    if (top?.kind === 'object') this.add({ kind: 'object', properties: top.properties, start: top.start, end })
    else if (top) this.add({ kind: 'array', items: top.items, start: top.start, end })
  }

  private add(node: JsonNode): void {
    const top = this.open.at(-1)
    if (!top) this.root = node
    else if (top.kind === 'array') top.items.push(node)
    else top.properties.set(top.name, node)
  }
}
