import type { State } from '../../src/emulator/index.ts'
import { type Extras, stemOf } from './extras.ts'

/** One value of the store that became another one: what really happened, told by the store itself. */
export interface Event {
  readonly at: number
  readonly who: string
  /** `products/77` or `variants/301`. */
  readonly entity: string
  /** `exists` for coming and going. */
  readonly field: string
  readonly from: unknown
  readonly to: unknown
}

/** What a store holds, as flat values by place. */
export type Picture = (state: State) => Map<string, unknown>

/** The witness: every change of every value that matters, with its author, from the store's own state and not from the client's claims. */
export class History {
  readonly events: Event[] = []
  readonly #state: State
  readonly #pictureOf: Picture
  readonly #listeners: ((event: Event) => void)[] = []
  #known: Map<string, unknown>

  constructor(state: State, pictureOf: Picture) {
    this.#state = state
    this.#pictureOf = pictureOf
    this.#known = pictureOf(state)
    const { log } = state
    const push = log.push.bind(log)
    log.push = (...records) => {
      for (const record of records) this.note(record.who)
      return push(...records)
    }
  }

  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener)
  }

  /** Takes note of what changed since the last time, as the work of `who`. */
  note(who: string): void {
    const now = this.#pictureOf(this.#state)
    const at = this.#state.now()
    for (const place of new Set([...this.#known.keys(), ...now.keys()])) {
      const [from, to] = [this.#known.get(place), now.get(place)]
      if (from === to) continue
      const [entity = '', field = ''] = place.split('.')
      const event = { at, who, entity, field, from, to }
      this.events.push(event)
      for (const listener of this.#listeners) listener(event)
    }
    this.#known = now
  }

  value(entity: string, field: string): unknown {
    return this.#known.get(`${entity}.${field}`)
  }

  of(entity: string, field: string): readonly Event[] {
    return this.events.filter((event) => event.entity === entity && event.field === field)
  }

  /** Ids of the products that were there all the time between two moments. */
  presentThroughout(from: number, to: number): readonly number[] {
    const gone = new Set<string>()
    for (const { at, entity, field, to: value } of this.events) {
      if (field !== 'exists') continue
      if (value === true && at >= from) gone.add(entity)
      if (value === undefined && at <= to) gone.add(entity)
    }
    return [...this.#state.products.list()].map(({ id }) => id).filter((id) => !gone.has(`products/${id}`))
  }
}

/** Flat values by place; stock only where it is held, because the other figure is a sum. */
export const pictureOf = (state: State, extras: Extras): Map<string, unknown> => {
  const picture = new Map<string, unknown>()
  for (const product of state.products.list()) {
    const place = `products/${product.id}`
    picture.set(`${place}.exists`, true)
    for (const field of PRODUCT_FIELDS) picture.set(`${place}.${field}`, product[field])
    if (product.inventory_tracking === 'product') picture.set(`${place}.inventory_level`, product.inventory_level)
    for (const variant of state.variants.where('product', product.id)) {
      const child = `variants/${variant.id}`
      picture.set(`${child}.exists`, true)
      picture.set(`${child}.price`, variant.price)
      if (product.inventory_tracking === 'variant') picture.set(`${child}.inventory_level`, variant.inventory_level)
    }
    if (extras.parts) addParts(picture, state, product.id)
  }
  for (const record of extras.lists ? state.priceRecords.list() : []) {
    const place = recordPlace(record.price_list_id, state.variants.get(record.variant_id)?.sku ?? '', record.currency)
    picture.set(`${place}.price`, record.price)
    for (const name of ['sale_price', 'retail_price', 'map_price'] as const)
      picture.set(`${place}.${name}`, record[name])
    picture.set(`${place}.tiers`, JSON.stringify(record.bulk_pricing_tiers))
  }
  return picture
}

/** Custom fields by name, and how many pictures there are of one address, with how many of one name. */
const addParts = (picture: Map<string, unknown>, state: State, product: number): void => {
  for (const { name, value } of state.customFields.where('product', product)) {
    const place = fieldPlace(product, String(name))
    picture.set(`${place}.value`, value)
    picture.set(`${place}.count`, Number(picture.get(`${place}.count`) ?? 0) + 1)
  }
  for (const { image_file } of state.images.where('product', product)) {
    const place = `pictures/${product}:${stemOf(String(image_file))}.count`
    picture.set(place, Number(picture.get(place) ?? 0) + 1)
  }
}

/** Points stand before the field alone. */
const bare = (text: string): string => text.toLowerCase().replaceAll('.', '~')

export const fieldPlace = (product: number, name: string): string => `fields/${product}:${bare(name)}`

export const recordPlace = (list: number, sku: string, currency: string): string =>
  `records/${list}:${bare(sku)}:${currency.toLowerCase()}`

const PRODUCT_FIELDS = ['sku', 'name', 'price', 'weight', 'description', 'is_visible'] as const
