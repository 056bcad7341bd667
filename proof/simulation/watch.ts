import type { Change, FieldChange, Plan } from '../../src/model/index.ts'
import { contentOf, partPlace, placesOf, type Row, same } from './contents.ts'
import { ABSURD_PRICE } from './feeds.ts'
import { type Event, fieldPlace } from './history.ts'
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
  /** The source has a row more, for a product of the store. */
  added(sku: string): void
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

  /** A part goes as a whole, whatever it holds. */
  const announceRemoval = (place: string): void => {
    const found = intents().find(({ change }) => change.action === 'remove' && partPlace(change) === place)
    if (!found) {
      world.violate('I13', `${place} goes without a durable intent of an approved plan`)
      return
    }
    const { plan, change, approvedAt } = found
    const entry = { value: undefined, from: ANYTHING, plan: plan.plan, change: change.id, approvedAt }
    for (const name of ['value', 'count'])
      announced.set(`${place}.${name}`, [...(announced.get(`${place}.${name}`) ?? []), { place, ...entry }])
  }

  /** What is sent of a picture is what one change says of it. */
  const announcePicture = (body: Row, isRemoval: boolean): void => {
    const isMeant = ({ change: { resource, action, fields } }: { readonly change: Change }): boolean =>
      resource === 'product_images' &&
      (isRemoval
        ? action === 'remove'
        : Object.entries(body).every(([name, value]) =>
            fields.some((one) => one.field === name && same(one.to, value)),
          ))
    const found = intents().find(isMeant)
    if (!found) {
      world.violate('I13', `a picture ${JSON.stringify(body)} leaves without a durable intent`)
      return
    }
    for (const field of found.change.fields) judgePlan(world, found.plan, found.change, field)
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
    for (const { name } of world.emulator.state.customFields.where('product', id))
      newborn.add(fieldPlace(id, String(name)))
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
    if (field === 'count') {
      if (Number(to ?? 0) > Math.max(1, Number(from ?? 0)))
        world.violate('I6', `${entity} is there ${String(to)} times`)
      return
    }
    if (field === 'price' && to !== null && to !== undefined && Number(to) <= 0)
      world.violate('I10', `${place} became ${String(to)}`)
    if (field === 'price' && Number(to) >= ABSURD_PRICE) world.violate('I14', `${place} became ${String(to)}`)
    if (newborn.has(entity) && from === undefined) return
    // What a new record leaves out is not set.
    if (entity.startsWith('records/') && from === undefined && field !== 'price') return
    const entry = announced.get(place)?.findLast((one) => same(one.value, to))
    if (!entry) return world.violate('I1', `${place} became ${String(to)}, which no plan said`)
    effects.push({ ...entry, at })
    if (field === 'inventory_level') judgeOffer(world, entry, planOf(entry.plan), Number(to))
    judgeReturn(entry, to)
    if (entry.from === ANYTHING || same(entry.from, from) || (place.startsWith('variants/') && from === null)) return
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
      for (const one of contentOf(world.emulator.state, method, path, parsed)) {
        if (one.kind === 'create') announceCreate(one.sku)
        else if (one.kind === 'value') announce(one.place, one.value)
        else if (one.kind === 'removal') announceRemoval(one.place)
        else if (one.kind === 'picture') announcePicture(one.body, method === 'DELETE')
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
    added(sku) {
      const isKnown = world.history.events.some(
        ({ field, to, from }) => field === 'sku' && (same(to, sku) || same(from, sku)),
      )
      const isThere = world.emulator.state.products.where('sku', sku.toLowerCase()).length > 0
      if (!isKnown && !isThere) world.violate('I1', `a row for ${sku} was added, which never was in the store`)
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

const ANYTHING = Symbol('anything')
