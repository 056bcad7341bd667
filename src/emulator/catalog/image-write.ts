import { invalid, problem, refuse } from '../answers.ts'
import { type Body, flag, type Rule, readFields, text, whole } from '../rules.ts'
import { type ChildRow, catalogTime, type ProductRow, type State } from '../state.ts'
import { partOf } from './find.ts'

/**
 * Adds a picture, or changes the one with the id. Any public address is accepted and none is fetched; what the store makes of it
 * is made up. @throws {Refusal} 422, 404 or, at the limit, 403.
 */
export const writeImage = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const { image_url, image_file, ...fields } = readFields(body, RULES)
  const before = id === undefined ? undefined : partOf(state.images, product, 'image', id)
  const source = image_url ?? image_file
  if (!before && typeof source !== 'string')
    refuse(invalid("The field 'image_url' is invalid.", { image_url: 'required' }))
  const others = state.images.where('product', product.id).filter((row) => row.id !== id)
  if (!before && others.length >= MOST) refuse(problem(403, `A product can have at most ${MOST} images.`))
  if (fields['is_thumbnail'] === true) {
    for (const row of others) if (row['is_thumbnail']) state.images.update(row.id, { is_thumbnail: false })
  }
  const changes = {
    ...fields,
    ...(typeof source === 'string' && addresses(product, source, state.images.size)),
    date_modified: catalogTime(state.now()),
  }
  if (before) return state.images.update(before.id, changes)
  return state.images.insert({
    product_id: product.id,
    is_thumbnail: others.length === 0,
    sort_order: others.length,
    description: '',
    ...changes,
  })
}

const MOST = 1000

const address: Rule = (value) => {
  const url = text(255, 1)(value) as string
  if (!/^https?:\/\/[^/]+\/./.test(url))
    refuse(invalid("The field 'image_url' is invalid.", { image_url: 'not a public address' }))
  return url
}

const RULES = {
  image_url: address,
  image_file: text(),
  is_thumbnail: flag,
  sort_order: whole(-2_147_483_648),
  description: text(),
}

const addresses = (product: ProductRow, source: string, count: number): Record<string, string> => {
  const base =
    (source.split(/[?#]/)[0] ?? '')
      .split('/')
      .pop()
      ?.replace(/\.\w+$/, '') || 'image'
  const file = `${base.toLowerCase().replace(/[^a-z0-9]+/g, '_')}__${10_000 + count}`
  const at = (size: string) =>
    `https://cdn11.bigcommerce.com/s-emulator/products/${product.id}/images/${file}.${size}.jpg`
  return {
    image_file: `${file.charAt(0)}/${file}.jpg`,
    url_zoom: at('1280.1280'),
    url_standard: at('386.513'),
    url_thumbnail: at('220.290'),
    url_tiny: at('44.58'),
  }
}
