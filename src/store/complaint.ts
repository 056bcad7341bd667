import type { Body, Values } from '../model/index.ts'

/** What an error body says, whichever of the API's shapes it has (docs/bigcommerce.md, Error bodies). */
export interface Complaint {
  readonly title: string
  readonly fields: Readonly<Record<string, string>>
  /** Complaints by index of the row sent, where the answer names rows by index or by key. */
  readonly rows: ReadonlyMap<number, string>
}

/**
 * Reads a v3 error, a problem document, `batch_errors`, a v2 array or plain text.
 * @param json the parsed body, undefined when it is no JSON
 * @param sent what named each row of the request
 */
export const readComplaint = (json: unknown, text: string, sent: readonly Values[] = []): Complaint => {
  const heard: Heard = { titles: [], fields: {}, rows: new Map() }
  if (json === undefined) heard.titles.push(plain(text))
  else listen(json, sent, heard)
  for (const message of [...heard.titles, ...Object.values(heard.fields)]) {
    for (const index of namedByKey(message, sent)) blame(heard, index, message)
  }
  return { title: [...new Set(heard.titles)].join('; '), fields: heard.fields, rows: heard.rows }
}

/** The complaint in one line. */
export const inOneLine = ({ title, fields }: Complaint): string =>
  [title, ...Object.entries(fields).map(([name, message]) => (name ? `${name}: ${message}` : message))]
    .filter(Boolean)
    .join('; ')
    .slice(0, 2000)

interface Heard {
  readonly titles: string[]
  readonly fields: Record<string, string>
  readonly rows: Map<number, string>
}

const plain = (text: string): string => {
  if (/^\s*</.test(text)) return 'a web page instead of an answer of the API'
  return text.trim().slice(0, 300)
}

const listen = (json: unknown, sent: readonly Values[], heard: Heard): void => {
  if (typeof json === 'string') heard.titles.push(json)
  if (Array.isArray(json)) for (const one of json) listen(one, sent, heard)
  if (!isBody(json)) return
  for (const name of ['title', 'detail', 'message'] as const) {
    if (typeof json[name] === 'string' && json[name]) heard.titles.push(json[name])
  }
  if (isBody(json['error'])) listen(json['error'], sent, heard)
  if (Array.isArray(json['batch_errors'])) for (const one of json['batch_errors']) listenToRow(one, sent, heard)
  for (const name of ['errors', 'details', 'field_errors'] as const) listenToFields(json[name], sent, heard)
}

/** One of `batch_errors`. Its place in the list says nothing of the row's; the record it quotes does. */
const listenToRow = (one: unknown, sent: readonly Values[], heard: Heard): void => {
  listen(one, sent, heard)
  if (!isBody(one) || !isBody(one['data'])) return
  const quoted = one['data']
  const index = sent.findIndex((id) => {
    const names = Object.keys(id)
    return names.length > 0 && names.every((name) => folded(quoted[name]) === folded(id[name]))
  })
  if (index >= 0) blame(heard, index, inOneLine(readComplaint({ ...one, data: undefined }, '')))
}

/** Codes may come back in another case. */
const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)

const listenToFields = (errors: unknown, sent: readonly Values[], heard: Heard): void => {
  // A 207 wraps a whole error under `errors`.
  if (!isBody(errors) || (typeof errors['title'] === 'string' && typeof errors['status'] === 'number')) {
    listen(errors, sent, heard)
    return
  }
  for (const [key, value] of Object.entries(errors)) {
    const message = typeof value === 'string' ? value : JSON.stringify(value)
    const name = key.replace(/^\./, '')
    heard.fields[name] = message
    const [, index, field] = /^(\d+)(?:\.(.+))?$/.exec(name) ?? []
    if (index !== undefined && Number(index) < sent.length) {
      blame(heard, Number(index), field ? `${field}: ${message}` : message)
    }
  }
}

/** Messages such as "Item with variant_id 106 is tracked by product" name the row by one of its keys. */
const namedByKey = (message: string, sent: readonly Values[]): number[] => {
  const named = [...message.matchAll(/(\w+) (\d+)/g)].map(([, name = '', id]) => ({ name, id: Number(id) }))
  return sent.flatMap((row, index) => (named.some(({ name, id }) => row[name] === id) ? [index] : []))
}

const blame = ({ rows }: Heard, index: number, message: string): void => {
  const before = rows.get(index)
  if (!before?.includes(message)) rows.set(index, before ? `${before}; ${message}` : message)
}

const isBody = (value: unknown): value is Body => value !== null && typeof value === 'object' && !Array.isArray(value)
