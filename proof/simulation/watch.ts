import type { Change, FieldChange, Plan } from '../../src/model/index.ts'
import { ABSURD_PRICE } from './feeds.ts'
import type { Event } from './history.ts'
import type { Life } from './life.ts'
import type { World } from './world.ts'

/** A value that a request is about to write, and the change in whose name. */
export interface Announced {
  readonly place: string
  readonly value: unknown
  readonly from: unknown
  readonly plan: string
  readonly change: number
  /** When the change was last approved, ms: what it overwrites is read after that. */
  readonly approvedAt: number
}

/** What a change is proven to have done to the store. */
export interface Effect extends Announced {
  readonly at: number
}

/** Stands between client and store and holds what passes against what was promised. */
export interface Watch {
  leaving(life: Life, method: string, path: string, body: string | undefined): void
  /** The store's text is in the source now. */
  writtenBack(sku: string, text: string): void
  answered(life: Life, status: number, headers: Headers): void
  /** The store's identity is not the mirror's: nothing may be written at all. */
  strange: boolean
  readonly effects: readonly Effect[]
  readonly created: ReadonlyMap<string, number>
  /** Prices that an undo took back while the file still names them, by place. */
  readonly undone: Map<string, { readonly sku: string; readonly value: unknown }>
  /** The mirror is an older one now, whose plans will have names that were used before. */
  forget(): void
}

export const watch = (world: World): Watch => {
  const announced = new Map<string, Announced[]>()
  const effects: Effect[] = []
  const created = new Map<string, number>()
  const newborn = new Set<string>()
  const undone: Watch['undone'] = new Map()
  const quietUntil = new WeakMap<Life, number>()
  const plans = new Map<string, Plan>()

  const planOf = (id: string): Plan | undefined => {
    const known = plans.get(id) ?? world.mirror.plan(id)?.plan
    if (known) plans.set(id, known)
    return known
  }

  /** Changes whose intent is durable at this moment. */
  const intents = (): readonly { readonly plan: Plan; readonly change: Change; readonly approvedAt: number }[] => {
    plans.clear()
    return world.mirror.openChanges().flatMap(({ plan: id, change: number, state }) => {
      const plan = state === 'intent' ? planOf(id) : undefined
      const change = plan?.changes.find((one) => one.id === number)
      if (!plan || !change) return []
      const approved = world.mirror.journalOf(id, number).filter(({ to }) => to === 'approved')
      return [{ plan, change, approvedAt: Date.parse(approved.at(-1)?.at ?? '') || 0 }]
    })
  }

  const announce = (place: string, value: unknown): void => {
    for (const { plan, change, approvedAt } of intents()) {
      const field = change.fields.find((one) => placesOf(change, one).includes(place) && same(one.to, value))
      if (!field) continue
      judgePlan(world, plan, change, field)
      const entry = { place, value, from: field.from, plan: plan.plan, change: change.id, approvedAt }
      announced.set(place, [...(announced.get(place) ?? []), entry])
      return
    }
    world.violate('I13', `${place} = ${String(value)} leaves without a durable intent of an approved plan`)
  }

  const announceCreate = (sku: string): void => {
    const found = intents().find(({ change }) => change.action === 'create' && same(change.key['sku'], sku))
    if (!found) {
      world.violate('I13', `a create of ${sku} leaves without a durable intent`)
      return
    }
    for (const field of found.change.fields) judgePlan(world, found.plan, found.change, field)
    const entry = { value: sku, from: null, plan: found.plan.plan, change: found.change.id, approvedAt: 0 }
    announced.set(`new ${sku}`, [...(announced.get(`new ${sku}`) ?? []), { place: `new ${sku}`, ...entry }])
  }

  const born = ({ entity, at }: Event): void => {
    const id = Number(entity.split('/')[1])
    const sku = world.emulator.state.products.get(id)?.sku ?? ''
    newborn.add(entity)
    for (const { id: variant } of world.emulator.state.variants.where('product', id)) newborn.add(`variants/${variant}`)
    const entry = announced.get(`new ${sku}`)?.at(-1)
    if (!entry) {
      world.violate('I1', `product ${sku} was created by nobody's plan`)
      return
    }
    effects.push({ ...entry, at })
    created.set(sku, (created.get(sku) ?? 0) + 1)
  }

  world.history.listen((event) => {
    const { who, entity, field, from, to, at } = event
    if (who !== 'client') return
    const place = `${entity}.${field}`
    if (field === 'exists') {
      if (to === undefined) world.violate('I1', `${entity} was deleted`)
      else if (entity.startsWith('products/')) born(event)
      return
    }
    if (field === 'price' && to !== null && to !== undefined && Number(to) <= 0)
      world.violate('I10', `${place} became ${String(to)}`)
    if (field === 'price' && Number(to) >= ABSURD_PRICE) world.violate('I14', `${place} became ${String(to)}`)
    if (newborn.has(entity) && from === undefined) return
    const entry = announced.get(place)?.findLast((one) => same(one.value, to))
    if (!entry) return world.violate('I1', `${place} became ${String(to)}, which no plan said`)
    effects.push({ ...entry, at })
    if (field === 'inventory_level') judgeOffer(world, entry, planOf(entry.plan), Number(to))
    judgeReturn(entry, to)
    if (same(entry.from, from) || (place.startsWith('variants/') && from === null)) return
    const foreign = world.history.of(entity, field).findLast((one) => one.who !== 'client')
    const seen = entry.approvedAt - world.swarm.staleMs - 2000
    if (foreign && foreign.at >= seen) return
    world.violate(
      'I2',
      `${place} was ${String(from)} and became ${String(to)}; the plan expected ${String(entry.from)}`,
    )
  })

  /** I21: an undone price returns only because its source moved, or because a person took the undo back. */
  const judgeReturn = ({ place, plan }: Announced, to: unknown): void => {
    const taken = undone.get(place)
    if (!taken) return
    const isBack = same(to, taken.value)
    const good = world.feed.goods.find(({ sku }) => sku === taken.sku)
    if (isBack && planOf(plan)?.origin === undefined && same(good?.price, taken.value))
      world.violate('I21', `${place} became ${String(to)} again, which was undone`)
    if (isBack || planOf(plan)?.origin === undefined) undone.delete(place)
  }

  return {
    strange: false,
    undone,
    effects,
    created,
    forget: () => {
      effects.length = 0
      undone.clear()
    },
    leaving(life, method, path, body) {
      const until = quietUntil.get(life)
      if (until !== undefined && world.clock.elapsed() < until)
        world.violate('I17', `${method} ${path} leaves before the window ends`)
      if (method === 'GET') return
      if (this.strange) world.violate('I18', `${method} ${path} goes to a store that is not the mirror's`)
      const parsed: unknown = body ? JSON.parse(body) : {}
      for (const one of contentOf(method, path, parsed)) {
        if (one.kind === 'create') announceCreate(one.sku)
        else if (one.kind === 'value') announce(one.place, one.value)
        else world.violate('I1', `nobody expects ${method} ${path}`)
      }
    },
    writtenBack(sku, text) {
      const product = world.emulator.state.products.where('sku', sku.toLowerCase())[0]
      if (!product) return
      const setter = world.history.of(`products/${product.id}`, 'description').findLast(({ to }) => same(to, text))
      const isDecided = intents().some(
        ({ change }) =>
          change.side === 'source' &&
          same(change.key['sku'], sku) &&
          change.fields.some(({ resolves, other }) => resolves !== undefined || other !== undefined),
      )
      // A new product begins with an empty text, which nobody sent.
      const isOurs = setter?.who === 'client' && setter.from !== undefined
      if (isOurs && !isDecided) world.violate('I9', `${sku}: our own text was written back`)
    },
    answered(life, status, headers) {
      const reset = Number(headers.get('x-rate-limit-time-reset-ms') ?? Number.NaN)
      if (status === 429 && Number.isFinite(reset)) quietUntil.set(life, world.clock.elapsed() + reset)
    },
  }
}

/** I32: what was sold after the figure was true, early enough to be seen, is not offered again. */
const judgeOffer = (world: World, entry: Announced, plan: Plan | undefined, to: number): void => {
  const change = plan?.changes.find(({ id }) => id === entry.change)
  const field = change?.fields.find((one) => one.field === 'inventory_level')
  const rule = world.swarm.syncs.find(({ name }) => name === plan?.sync)?.fields['inventory_level']
  if (!change || field?.asOf === undefined || rule?.after === 'overwrite') return
  const most = world.feed.offer(String(change.key['sku']), field.asOf, entry.approvedAt - world.swarm.staleMs - 2000)
  if (most !== undefined && to > most)
    world.violate('I32', `${entry.place} became ${to}, and at most ${most} are left of what ${field.asOf} counted`)
}

/** A row that travels is of an approved plan that is still good, and nobody's undecided conflict. */
const judgePlan = (world: World, plan: Plan, change: Change, { owner, base, field, resolves }: FieldChange): void => {
  const what = `${plan.plan} change ${change.id} (${field})`
  const stored = world.mirror.plan(plan.plan)
  if (stored?.state !== 'approved') world.violate('I1', `${what} travels while its plan is ${stored?.state}`)
  if (plan.binding.config !== world.config) world.violate('I15', `${what} was made under another config`)
  const approved = world.mirror.journalOf(plan.plan, change.id).find(({ to }) => to === 'approved')
  if (!approved || approved.at > plan.expires) world.violate('I16', `${what} was approved after it had expired`)
  if (change.action === 'conflict' || change.side !== 'store') world.violate('I1', `${what} is no change of the store`)
  if (owner === 'both' && base === null && change.action === 'update' && resolves === undefined)
    world.violate('I19', `${what} overwrites at first contact`)
}

type Content =
  | { readonly kind: 'value'; readonly place: string; readonly value: unknown }
  | { readonly kind: 'create'; readonly sku: string }
  | { readonly kind: 'strange' }

interface Row {
  readonly [name: string]: unknown
}

const contentOf = (method: string, path: string, body: unknown): readonly Content[] => {
  if (method === 'PUT' && path.startsWith('/v3/catalog/products'))
    return (body as Row[]).flatMap((row) => valuesOf('products', row))
  if (method === 'PUT' && path.startsWith('/v3/catalog/variants'))
    return (body as Row[]).flatMap((row) => valuesOf('variants', row))
  if (method === 'POST' && path.startsWith('/v3/catalog/products'))
    return [{ kind: 'create', sku: String((body as Row)['sku']) }]
  if (method === 'PUT' && path === '/v3/inventory/adjustments/absolute') {
    return (body as { items: Row[] }).items.map(({ product_id: product, variant_id: variant, quantity }) => ({
      kind: 'value',
      place: `${variant === undefined ? `products/${String(product)}` : `variants/${String(variant)}`}.inventory_level`,
      value: quantity,
    }))
  }
  return [{ kind: 'strange' }]
}

const valuesOf = (table: string, row: Row): readonly Content[] =>
  Object.entries(row)
    .filter(([name]) => !['id', 'product_id', 'sku'].includes(name))
    .map(([name, value]) => ({ kind: 'value', place: `${table}/${String(row['id'])}.${name}`, value }))

/** Where in the store the new value of a change may show. */
export const placesOf = ({ resource, entity }: Change, { field }: FieldChange): readonly string[] =>
  resource === 'skus'
    ? [`products/${String(entity['product_id'])}.${field}`, `variants/${String(entity['variant_id'])}.${field}`]
    : [`${resource}/${String(entity['id'])}.${field}`]

/** Whether a value of a plan and one of the store are the same: decimals are text here and numbers there. */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if ((a === null || a === undefined) !== (b === null || b === undefined)) return false
  const [x, y] = [Number(a), Number(b)]
  return a !== '' && b !== '' && Number.isFinite(x) && Number.isFinite(y)
    ? Math.abs(x - y) < 1e-9
    : String(a ?? '') === String(b ?? '')
}
