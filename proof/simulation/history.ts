import type { State } from '../../src/emulator/index.ts'

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

/** The witness: every change of every value that matters, with its author, from the store's own state and not from the client's claims. */
export class History {
  readonly events: Event[] = []
  readonly #state: State
  readonly #listeners: ((event: Event) => void)[] = []
  #known: Map<string, unknown>

  constructor(state: State) {
    this.#state = state
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
    const now = pictureOf(this.#state)
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
const pictureOf = (state: State): Map<string, unknown> => {
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
  }
  return picture
}

const PRODUCT_FIELDS = ['sku', 'name', 'price', 'weight', 'description', 'is_visible'] as const
