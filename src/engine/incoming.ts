import type { Incoming } from '../mirror/index.ts'
import { type Body, bodiesAt, lookUp, type Resource } from '../model/index.ts'
import type { Page } from '../store/index.ts'

/** The rows in the elements of an answer: one each, or several where the listing says so. */
export const rowsOf = ({ api }: Resource, { bodies, texts }: Pick<Page, 'bodies' | 'texts'>): readonly Incoming[] => {
  const path = api.list?.rows
  if (path) return bodies.flatMap((body) => bodiesAt(body, path))
  return texts ? bodies.map((body, at) => ({ body, text: texts[at] as string })) : bodies.map((body) => ({ body }))
}

/** What a row holds in a field that names it. */
export const fieldOf = (resource: Resource, { body, enclosing }: Incoming, name: string): unknown => {
  const field = resource.fields[name]
  const value = lookUp(body, field?.at ?? name, enclosing)
  return field?.lower && typeof value === 'string' ? value.toLowerCase() : value
}

/** The first field of an element's key, as a number. */
export const keyInBody = (resource: Resource, body: Body): number =>
  Number(fieldOf(resource, { body }, resource.key[0] ?? 'id'))

/** The whole key of an element that is a row, as a text. */
export const keyTextInBody = (resource: Resource, body: Body): string =>
  resource.key.map((name) => String(fieldOf(resource, { body }, name))).join('\t')
