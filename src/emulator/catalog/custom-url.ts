import { catalogPath } from '../listings/urls.ts'
import { type Body, flag, objectOf, readFields, text } from '../rules.ts'
import type { ProductRow, State } from '../state.ts'

export interface UrlWish {
  readonly url: string
  readonly is_customized: boolean
}

/** The address that a product body asks for; made of the name where it asks for none. @throws {Refusal} 422. */
export const urlWish = (body: Body, name: string): UrlWish => {
  if (body['custom_url'] === undefined || body['custom_url'] === null)
    return { url: catalogPath(name), is_customized: false }
  const { url, is_customized } = readFields(objectOf(body['custom_url']), { url: text(255, 1), is_customized: flag })
  return {
    url: typeof url === 'string' ? slashed(url) : catalogPath(name),
    is_customized: is_customized !== false && typeof url === 'string',
  }
}

/** The address with the first number behind it that makes it nobody else's. */
export const freeUrl = (state: State, url: string, self?: ProductRow): string => {
  const isFree = (wish: string) => state.products.where('url', wish).every(({ id }) => id === self?.id)
  let wish = url
  for (let count = 1; !isFree(wish); count++) wish = url.replace(/\/?$/, `-${count}/`)
  return wish
}

const slashed = (url: string): string => `/${url.replace(/^\/+|\/+$/g, '')}/`
