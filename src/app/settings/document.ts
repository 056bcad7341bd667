import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { type Path, Problems } from './problems.ts'

/** JSON with comments that remembers where everything stands. */
export interface Document {
  readonly value: unknown
  /**
   * Line and column from 1 of the nearest thing at the path that is written down; `key` points at the name instead of the value, a
   * number at that character of a text.
   */
  position(path: Path, place?: 'key' | number): Position
  /** The value at a path. */
  at(path: Path): unknown
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** @throws {UsageError} with every place that is not JSON, or where a name stands twice in one object. */
export const parseDocument = (file: string, raw: string): Document => {
  const text = raw.startsWith('\uFEFF') ? raw.slice(1) : raw
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { allowTrailingComma: true })
  const problems = new Problems(file)
  for (const { error, offset } of errors)
    problems.addAt(positionOf(text, offset), [], SYNTAX[printParseErrorCode(error)] ?? 'is not JSON.')
  if (!root && errors.length === 0) problems.addAt({ line: 1, column: 1 }, [], 'the file is empty.')
  if (root)
    for (const name of repeated(root))
      problems.addAt(positionOf(text, name.offset), [], `"${name.value}" stands twice in the same object; keep one.`)
  problems.throwIfAny()
  return {
    value: root && getNodeValue(root),
    position: (path, place) => {
      const start = offsetOf(root, path, place === 'key' ? place : undefined)
      return positionOf(text, typeof place === 'number' ? insideText(text, start, place) : start)
    },
    at: (path) => {
      const node = root && findNodeAtLocation(root, [...path])
      return node && getNodeValue(node)
    },
  }
}

const offsetOf = (root: Node | undefined, path: Path, key?: 'key'): number => {
  for (let length = path.length; root && length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length))
    if (!node) continue
    // A path that ends at nothing, such as a missing key, points at the name of what should hold it.
    const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined
    return (key || length < path.length ? (name ?? node) : node).offset
  }
  return root?.offset ?? 0
}

/** Where a character of a text stands in the file: an escape is one character, and more than one there. */
const insideText = (raw: string, start: number, character: number): number => {
  let at = start + 1
  for (let passed = 0; passed < character && raw[at] !== '"'; passed += 1) {
    at += raw[at] === '\\' ? (raw[at + 1] === 'u' ? 6 : 2) : 1
  }
  return at
}

const positionOf = (text: string, offset: number): Position => {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - start + 1 }
}

const repeated = (node: Node): Node[] => {
  const seen = new Set<unknown>()
  const again: Node[] = []
  for (const child of node.children ?? []) {
    const name = node.type === 'object' ? child.children?.[0] : undefined
    if (name && seen.has(name.value)) again.push(name)
    if (name) seen.add(name.value)
    again.push(...repeated(child))
  }
  return again
}

const SYNTAX: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a name in double quotes is expected here.',
  ValueExpected: 'a value is expected here.',
  ColonExpected: 'a colon is expected here.',
  CommaExpected: 'a comma is missing before this.',
  CloseBraceExpected: 'a closing } is missing.',
  CloseBracketExpected: 'a closing ] is missing.',
  EndOfFileExpected: 'the file should have ended before this.',
  InvalidSymbol: 'this is not JSON; text stands in double quotes.',
  InvalidNumberFormat: 'this is not a number as JSON writes it.',
  UnexpectedEndOfComment: 'a comment is not closed.',
  UnexpectedEndOfString: 'a text is not closed with double quotes.',
  InvalidEscapeCharacter: 'an unknown escape; a backslash in a text is written \\\\.',
  InvalidCharacter: 'a control character stands in a text.',
}
