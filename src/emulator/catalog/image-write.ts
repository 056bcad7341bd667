import { invalid, problem, refuse } from '../answers.ts'
import { type Body, flag, type Rule, readFields, text, whole } from '../rules.ts'
import { type ChildRow, catalogTime, type ProductRow, type State } from '../state.ts'
import { partOf } from './find.ts'
import { makeRoom } from './make-room.ts'

/**
 * Adds a picture, or changes the one with the id. No address is fetched, and what the store makes of it is made up; one under
 * `.invalid`, which leads nowhere by definition, cannot be downloaded. @throws {Refusal} 400, 422, 404 or, at the limit, 403.
 */
export const writeImage = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const { image_url, image_file, ...fields } = readFields(body, RULES)
  const before = id === undefined ? undefined : partOf(state.images, product, 'image', id)
  // An address ends before its query; the name of a file is one as it is.
  const source = typeof image_url === 'string' ? image_url.split(/[?#]/)[0] : image_file
  if (!before && typeof source !== 'string')
    refuse(invalid("The field 'image_url' is invalid.", { image_url: 'required' }))
  if (image_url !== undefined && image_file !== undefined)
    refuse(invalid("The field 'image_url' is invalid.", { image_url: 'cannot be used with image_file' }))
  if (typeof image_url === 'string' && UNREACHABLE.test(image_url))
    refuse(problem(400, `The image could not be downloaded: ${image_url}`))
  const others = state.images.where('product', product.id).filter((row) => row.id !== id)
  if (!before && others.length >= MOST) refuse(problem(403, `A product can have at most ${MOST} images.`))
  if (fields['is_thumbnail'] === true) {
    for (const row of others) if (row['is_thumbnail']) state.images.update(row.id, { is_thumbnail: false })
  }
  // Exactly one picture is the thumbnail, whatever is asked for.
  if (fields['is_thumbnail'] === false && !others.some((row) => row['is_thumbnail'])) fields['is_thumbnail'] = true
  const changes = {
    ...fields,
    ...(typeof source === 'string' && addresses(product, source, nextNumber(state))),
    date_modified: catalogTime(state.now()),
  }
  if (before) makeRoom(state.images, others, Number(before['sort_order']), fields['sort_order'])
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
const UNREACHABLE = /^https?:\/\/[^/?#]*\.invalid(?::\d+)?\//i

/** Every file gets a number of its own, also one that takes the place of another. */
const nextNumber = (state: State): number => state.collection('image files').insert({}).id

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

const addresses = (product: ProductRow, source: string, number: number): Record<string, string> => {
  const base =
    source
      .split('/')
      .pop()
      ?.replace(/\.\w+$/, '') || 'image'
  const file = `${base.toLowerCase().replace(/[^a-z0-9]+/g, '_')}__${10_000 + number}`
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
