/**
 * The whole lines of text in which nothing is quoted, so that splitting it is all there is to parsing, and the rest behind the
 * last line ending. Undefined when the text holds a quote: then only a parser knows what is a line.
 */
export const plainLines = (text: string, quote: string | false): PlainText | undefined => {
  if (quote !== false && text.includes(quote)) return undefined
  // A CR at the very end may be the first half of a CRLF.
  const certain = text.endsWith('\r') ? text.slice(0, -1) : text
  const end = Math.max(certain.lastIndexOf('\n'), certain.lastIndexOf('\r')) + 1
  const lines = end === 0 ? [] : certain.slice(0, end).split(text.includes('\r') ? /\r\n|\r|\n/ : '\n')
  lines.pop()
  return { lines, rest: text.slice(end) }
}

interface PlainText {
  readonly lines: readonly string[]
  readonly rest: string
}
