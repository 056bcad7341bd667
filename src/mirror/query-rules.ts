/**
 * Why a statement is not even prepared, since preparing alone lets some of them act; undefined when it may be. SQLite's own
 * word on whether it writes is asked afterwards.
 */
export const offence = (sql: string): { readonly message: string; readonly hint: string } | undefined => {
  const [first = '', second = '', third = '', fourth = ''] = firstWords(sql)
  const asked = first === 'EXPLAIN' ? (second === 'QUERY' && third === 'PLAN' ? fourth : second) : first
  if (!READING.has(asked)) {
    return {
      message: asked ? `a query cannot ${asked}` : 'the query is empty',
      hint: 'it starts with SELECT, WITH, VALUES or EXPLAIN',
    }
  }
  // They tell file paths, and names cannot be written in any other way.
  if (/pragma_/i.test(sql))
    return { message: 'a query cannot use pragma_ functions', hint: 'sqlite_schema lists tables' }
  return undefined
}

/** Line and column of the word that SQLite stumbled over, when it names one that the text holds once. */
export const placeOf = (sql: string, message: string): string | undefined => {
  const word = /near "(.+)"|no such (?:table|column|function): (?:\w+\.)*(\w+)/s.exec(message)
  const found = word?.[1] ?? word?.[2]
  if (!found) return undefined
  const at = sql.indexOf(found)
  if (at < 0 || sql.indexOf(found, at + 1) >= 0) return undefined
  const before = sql.slice(0, at).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

const READING = new Set(['SELECT', 'WITH', 'VALUES'])

const firstWords = (sql: string): string[] => {
  const words: string[] = []
  let rest = sql
  while (words.length < 4) {
    const [skipped] = BETWEEN_WORDS.exec(rest) ?? ['']
    const [word] = /^\w+/.exec(rest.slice(skipped.length)) ?? []
    if (!word) break
    words.push(word.toUpperCase())
    rest = rest.slice(skipped.length + word.length)
  }
  return words
}

const BETWEEN_WORDS = /^(?:[\s(;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/
