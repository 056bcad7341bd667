/** Notice at the top of a generated page. */
export const GENERATED = '<!-- Written by `npm run docs`; edit its source instead. -->'

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n')

export const code = (text: string): string => `\`${text}\``

/** A page of parts that are kept apart by blank lines. */
export const page = (...parts: readonly string[]): string => `${parts.filter(Boolean).join('\n\n')}\n`

/** Puts text between the marks `<!-- name -->` and `<!-- /name -->` of a page that is otherwise written by hand. */
export const between = (text: string, name: string, inner: string): string => {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [text.indexOf(open), text.indexOf(close)]
  if (start < 0 || end < start) throw new Error(`the page has no place for ${name}`)
  return `${text.slice(0, start + open.length)}\n\n${inner}\n\n${text.slice(end)}`
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
