/**
 * The elements of the list that a JSON answer begins with, each as it was written: of `[...]` or `{"data": [...`. Null where an answer
 * begins otherwise.
 * @param json valid JSON
 */
export const elementTexts = (json: string): readonly string[] | null => {
  const start = BEGINNING.exec(json)?.[0].length
  if (start === undefined) return null
  const found: string[] = []
  let depth = 0
  let from = start
  for (let at = start; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at)
        break
      case OBJECT:
      case LIST:
        if (depth === 0) from = at
        depth += 1
        break
      case END_OF_OBJECT:
      case END_OF_LIST:
        if (depth === 0) return found
        depth -= 1
        if (depth === 0) found.push(json.slice(from, at + 1))
        break
    }
  }
  return null
}

const BEGINNING = /^\s*(?:\{\s*"data"\s*:\s*)?\[/

const [QUOTE, BACKSLASH, OBJECT, END_OF_OBJECT, LIST, END_OF_LIST] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d] as const

/** Where the quote is that ends a string: the next one that an even number of backslashes precedes. */
const endOfString = (json: string, start: number): number => {
  for (let end = json.indexOf('"', start + 1); end > 0; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return end
  }
  return json.length
}
