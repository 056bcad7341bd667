import { conflict, invalid, noContent, notFound, ok, partly, refuse } from '../answers.ts'
import { deleteMetafields } from '../delete-metafields.ts'
import { filtered, numbers, PAGING, texts, textsNoCase } from '../filters.ts'
import { narrow, page } from '../pages.ts'
import { catalogTime, type NamedRow, type State } from '../state.ts'
import type { Answer, Call, Endpoint } from '../types.ts'
import { bodyOf, only, type TextRule, textComplaints } from './checks.ts'
import { catalogPath } from './urls.ts'

const PATH = '/v3/catalog/brands'
const scope = 'store_v2_products'

export const brandEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: PATH, scope, handle: (call) => list(call) },
  { method: 'POST', path: PATH, scope, handle: (call) => create(call) },
  { method: 'DELETE', path: PATH, scope, handle: (call) => removeSome(call) },
  { method: 'GET', path: `${PATH}/:id`, scope, handle: (call) => ok(narrow(call.query)(shape(wanted(call)))) },
  { method: 'PUT', path: `${PATH}/:id`, scope, handle: (call) => update(call) },
  { method: 'DELETE', path: `${PATH}/:id`, scope, handle: (call) => remove(call) },
]

/** A brand by its name whatever the case, made when there is none: what `brand_name` in a product does. */
export const brandNamed = (state: State, name: string): NamedRow =>
  state.brands.where('name', name.toLowerCase())[0] ??
  state.brands.insert({ ...BLANK, name, custom_url: automatic(state, name) })

const BLANK = { page_title: '', meta_keywords: [], meta_description: '', search_keywords: '', image_url: '' }
const WRITABLE = ['name', ...Object.keys(BLANK)]
const RULES: Readonly<Record<string, TextRule>> = {
  name: { min: 1, max: 255, required: true },
  page_title: { max: 255 },
  meta_description: { max: 65_535 },
  search_keywords: { max: 65_535 },
}

const list = (call: Call): Answer => {
  const rows = filtered(
    call.query,
    call.state.brands.list(),
    {
      ...numbers('id', ['', ':in', ':not_in', ':min', ':max', ':greater', ':less'], ({ id }) => id),
      ...textsNoCase('name', ['', ':like'], ({ name }) => name),
      ...texts('page_title', [''], (row) => String(row['page_title'])),
    },
    [...PAGING, 'sort', 'direction'],
  )
  const sorted = call.query.get('sort') === 'name' ? [...rows].sort(byName(call.query.get('direction'))) : rows
  const some = narrow(call.query)
  return page(call, sorted, (row) => some(shape(row)))
}

const byName = (direction: string | null) => {
  const sign = direction === 'desc' ? -1 : 1
  return (a: NamedRow, b: NamedRow): number => (a.name.toLowerCase() < b.name.toLowerCase() ? -sign : sign)
}

const create = (call: Call): Answer => {
  const body = bodyOf(call.body)
  check(call.state, body, undefined)
  const name = String(body['name'])
  const row = call.state.brands.insert({
    ...BLANK,
    ...only(body, WRITABLE),
    name,
    custom_url: automatic(call.state, name),
  })
  return withUrl(call.state, row, body)
}

const update = (call: Call): Answer => {
  const { id } = wanted(call)
  const body = bodyOf(call.body)
  check(call.state, body, id)
  return withUrl(call.state, call.state.brands.update(id, only(body, WRITABLE)), body)
}

/** Saves the wished address where it is free; where it is not, the brand is saved without it. */
const withUrl = (state: State, row: NamedRow, body: Readonly<Record<string, unknown>>): Answer => {
  const { url, is_customized = true } = bodyOf(body['custom_url'])
  if (typeof url !== 'string') return ok(shape(row))
  if (isTaken(state, url, row.id)) {
    return partly(shape(row), 'The custom URL is in use, the brand was saved without it.', {
      custom_url: 'URL must be unique.',
    })
  }
  return ok(shape(state.brands.update(row.id, { custom_url: { url, is_customized } })))
}

const automatic = (state: State, name: string): unknown => {
  const wish = catalogPath(name)
  for (let attempt = 1; ; attempt++) {
    const url = attempt === 1 ? wish : wish.replace(/\/$/, `-${attempt}/`)
    if (!isTaken(state, url)) return { url, is_customized: false }
  }
}

const isTaken = (state: State, url: string, except?: number): boolean =>
  state.brands.list().some((row) => row.id !== except && bodyOf(row['custom_url'])['url'] === url)

const check = (state: State, body: Readonly<Record<string, unknown>>, id: number | undefined): void => {
  const complaints = textComplaints(body, RULES, id === undefined)
  if (Object.keys(complaints).length) refuse(invalid('JSON data is missing or invalid', complaints))
  const same = state.brands.where('name', String(body['name'] ?? '').toLowerCase())
  if (same.some((row) => row.id !== id))
    refuse(conflict('The brand name is a duplicate', { name: 'The name is in use by another brand.' }))
}

const remove = (call: Call): Answer => {
  dissolve(call.state, wanted(call))
  return noContent
}

const removeSome = (call: Call): Answer => {
  const filters = {
    ...textsNoCase<NamedRow>('name', [''], ({ name }) => name),
    ...texts<NamedRow>('page_title', [''], (row) => String(row['page_title'])),
  }
  if (call.query.size === 0) refuse(invalid('A filter is required to delete brands.'))
  for (const row of filtered(call.query, call.state.brands.list(), filters, [])) dissolve(call.state, row)
  return noContent
}

/** Products of a brand that goes stay, without a brand. */
const dissolve = (state: State, { id }: NamedRow): void => {
  const date_modified = catalogTime(state.now())
  for (const product of state.products.where('brand', id))
    state.products.update(product.id, { brand_id: 0, date_modified })
  deleteMetafields(state, 'brand', id)
  state.brands.delete(id)
}

const wanted = ({ state, params }: Call): NamedRow =>
  state.brands.get(Number(params['id'])) ?? refuse(notFound(`A brand with the id of ${params['id']} was not found.`))

const shape = ({ id, name, ...rest }: NamedRow): Readonly<Record<string, unknown>> => ({ id, name, ...rest })
