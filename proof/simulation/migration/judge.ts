import { type MigrateReport, pushable } from '../../../src/model/index.ts'
import { same } from '../contents.ts'
import type { Event } from '../history.ts'
import { CARRIED, type Carried, fieldValue, pricePlace, RESOURCES, rowOf, rowsOf, TABLES } from './picture.ts'
import type { MoveWorld } from './world.ts'

/** What must hold once nobody disturbs any more and the migration came to its end. */
export const judgeMove = (world: MoveWorld, report: MigrateReport): void => {
  changesEnd(world)
  for (const table of TABLES) {
    const links = linksOf(world, table)
    mapIsSound(world, table, links)
    nothingTwice(world, table, links)
    nothingForgotten(world, table, links, report)
    nothingUnasked(world, table)
    for (const link of links) valuesHold(world, table, link)
  }
  listPricesHold(world, new Set(report.left.map(({ resource, key }) => `${resource} ${key}`)))
  referencesHold(world)
}

interface Linked {
  readonly from: number
  readonly to: number
  readonly how: string
}

const linksOf = ({ from, to }: MoveWorld, table: Carried): readonly Linked[] =>
  to.mirror.links(from.emulator.storeHash, RESOURCES[table]).map((link) => ({
    from: Number(link.from),
    to: Number(Object.values(link.to)[0]),
    how: link.how,
  }))

/** I5: each change of each plan ended in one way, and the journal was not altered (I29). */
const changesEnd = ({ to, from, violate }: MoveWorld): void => {
  const broken = to.mirror.brokenJournal()
  if (broken !== null) violate('I29', `entry ${broken} of the journal was altered`)
  if (from.mirror.plans(1).length) violate('I1', 'there is a plan for the old store')
  for (const { plan } of to.mirror.plans(1000)) {
    if (!plan.sync.startsWith('migrate.')) violate('I1', `${plan.plan} is of ${plan.sync}`)
    const states = to.mirror.changeStates(plan.plan)
    for (const { id } of pushable(plan)) {
      const state = states.get(id)?.state ?? 'planned'
      if (state === 'intent' || state === 'unknown') violate('I5', `${plan.plan} change ${id} is ${state} at rest`)
    }
  }
}

/** The id map is one to one, and what it names was there. */
const mapIsSound = (world: MoveWorld, table: Carried, links: readonly Linked[]): void => {
  const taken = new Map<number, number>()
  for (const { from, to } of links) {
    const other = taken.get(to)
    if (other !== undefined) world.violate('map', `${table}/${to} stands for ${other} and for ${from}`)
    taken.set(to, from)
    if (!wasThere(world, 'from', table, from)) world.violate('map', `${table}/${from} never was in the old store`)
    if (!wasThere(world, 'to', table, to)) world.violate('map', `${table}/${to} never was in the new store`)
  }
}

const wasThere = (world: MoveWorld, shop: 'from' | 'to', table: Carried, id: number): boolean =>
  rowOf(world[shop].emulator.state, table, id) !== undefined ||
  world[shop].history.of(`${table}/${id}`, 'exists').length > 0

/** I6: every row that was made stands for one old row, and nothing was made twice. */
const nothingTwice = (world: MoveWorld, table: Carried, links: readonly Linked[]): void => {
  const { from, to } = world
  const standing = new Set(links.map((link) => link.to))
  const births = to.history.events.filter(
    ({ who, entity, field, to: now }) =>
      who === 'client' && field === 'exists' && now === true && entity.startsWith(`${table}/`),
  )
  const lost = new Set(
    from.history.events
      .filter(({ entity, field, to: now }) => entity.startsWith(`${table}/`) && field === 'exists' && now === undefined)
      .map(({ entity }) => entity),
  )
  for (const { entity } of births) {
    const id = Number(entity.split('/')[1])
    const row = rowOf(to.emulator.state, table, id)
    // A part is told with what it belongs to.
    const places = [entity, ...(row && 'product_id' in row ? [`products/${row['product_id']}`] : [])]
    if (standing.has(id) || !row || places.some((place) => wasEdited(world, place))) continue
    // Its old row was taken out before it could be noted.
    if (!lost.size) world.violate('I6', `${entity} (${nameOf(world, table, id)}) was made and stands for nothing`)
  }
}

/**
 * A row whose creation got no answer is known again by what was sent. Where somebody edited it by then, nothing tells whose it is: it is
 * told to be there already, or, renamed, it is not met at all.
 */
const wasEdited = ({ to }: MoveWorld, entity: string): boolean =>
  to.history.events.some((one) => one.entity === entity && one.who === 'merchant' && one.from !== undefined)

const nameOf = ({ to }: MoveWorld, table: Carried, id: number): string => {
  const row = rowOf(to.emulator.state, table, id)
  return String(row?.['name'] ?? row?.['sku'])
}

/** Each old row has one that stands for it, or is told to stay behind; parts are told with what they belong to. */
const nothingForgotten = (world: MoveWorld, table: Carried, links: readonly Linked[], report: MigrateReport): void => {
  const { from, to, violate } = world
  const products = new Map(linksOf(world, 'products').map((link) => [link.from, link.to]))
  const staysBehind = (product: unknown): boolean => !to.emulator.state.products.has(products.get(Number(product)) ?? 0)
  const known = new Set(links.map((link) => link.from))
  const told = new Set(report.left.map(({ resource, key }) => `${resource} ${key}`))
  for (const { id, ...row } of rowsOf(from.emulator.state, table)) {
    if ('product_id' in row && staysBehind(row['product_id'])) continue
    if (known.has(id) || told.has(`${RESOURCES[table]} ${id}`)) continue
    violate('I3', `${table}/${id} (${String(row['name'] ?? row['sku'])}) is neither copied nor told to stay behind`)
  }
}

/** I19: what was there before is changed only where somebody said so. */
const nothingUnasked = (world: MoveWorld, table: Carried): void => {
  const { existing } = world.swarm
  if (existing !== null && existing !== 'refuse') return
  for (const { who, entity, field, from, to } of world.to.history.events) {
    if (who !== 'client' || !entity.startsWith(`${table}/`) || !world.there.has(`${entity}.exists`)) continue
    world.violate('I19', `${entity}.${field} was ${String(from)} and became ${String(to)}, which nobody asked for`)
  }
}

/** What a row of the old store and the one that stands for it say in one field. */
interface Pair {
  readonly place: string
  readonly source: string
  readonly field: string
  readonly ours: unknown
  readonly theirs: unknown
  readonly how: string
}

const valuesHold = (world: MoveWorld, table: Carried, { from, to, how }: Linked): void => {
  const [fromState, toState] = [world.from.emulator.state, world.to.emulator.state]
  const [old, now] = [rowOf(fromState, table, from), rowOf(toState, table, to)]
  if (!old || !now) return
  for (const field of CARRIED[table]) {
    const [theirs, ours] = [fieldValue(fromState, table, old, field), fieldValue(toState, table, now, field)]
    // Stock is brought into step where both stores count it.
    if (field === 'inventory_level' && (theirs === null || ours === null)) continue
    // A row of which one field waits for a person waits as a whole.
    if (!waits(world, table, to))
      valueHolds(world, { place: `${table}/${to}`, source: `${table}/${from}`, field, ours, theirs, how })
  }
}

const waits = ({ to: { mirror } }: MoveWorld, table: Carried, id: number): boolean =>
  mirror.conflicts(null).some(({ resource, entity }) => {
    if (resource === 'skus') return entity[table === 'variants' ? 'variant_id' : 'product_id'] === id
    return resource === RESOURCES[table] && Object.values(entity)[0] === id
  })

/** Prices of lists, whose rows have no id of their own. */
const listPricesHold = (world: MoveWorld, told: ReadonlySet<string>): void => {
  const { from, to, violate } = world
  const standsFor = (table: Carried) => new Map(linksOf(world, table).map((link) => [link.from, link.to]))
  const [lists, variants] = [standsFor('priceLists'), standsFor('variants')]
  const there = new Map(to.emulator.state.priceRecords.list().map((row) => [placeOf(row), row]))
  const how = new Map(to.mirror.links(from.emulator.storeHash, LISTED).map((link) => [link.from, link.how]))
  for (const row of from.emulator.state.priceRecords.list()) {
    const key = [row.price_list_id, row.variant_id, row.currency].join('\t')
    const [list, variant] = [lists.get(row.price_list_id), variants.get(Number(row.variant_id))]
    if (told.has(`${LISTED} ${key}`) || list === undefined || !to.emulator.state.variants.has(variant ?? 0)) continue
    const place = pricePlace(list, variant ?? 0, row.currency)
    const now = there.get(place)
    const wasTaken = to.history.of(place, 'price').some(({ who, to: is }) => who !== 'client' && is === undefined)
    if (!now && !wasTaken) violate('I3', `${placeOf(row)} is neither copied nor told to stay behind`)
    const isOpen = to.mirror
      .conflicts(null)
      .some(({ resource, entity }) => resource === LISTED && placeOf(entity as unknown as Listed) === place)
    if (!now || isOpen) continue
    const [ours, theirs] = [now.price ?? null, row.price ?? null]
    valueHolds(world, { place, source: placeOf(row), field: 'price', ours, theirs, how: how.get(key) ?? '' })
  }
}

const LISTED = 'price_list_records'

interface Listed {
  readonly price_list_id: number
  readonly variant_id: unknown
  readonly currency: string
}

const placeOf = ({ price_list_id, variant_id, currency }: Listed): string =>
  pricePlace(price_list_id, Number(variant_id), currency)

/** I3, I2: both sides say the same, but for what was edited in the new store, which stays, or waits as a conflict where both moved. */
const valueHolds = (world: MoveWorld, { place, source, field, ours, theirs, how }: Pair): void => {
  const { existing, conflict } = world.swarm
  const isAdopted = how !== 'created' && existing === 'adopt'
  const linked = world.linkedAt.get(place) ?? 0
  const edits = world.to.history.of(place, field)
  const foreign = edits.filter((one) => one.who !== 'client' && one.from !== undefined)
  const sources = world.from.history.of(source, field).filter((one) => one.from !== undefined)
  const last = foreign.at(-1)
  const what = `${place}.${field} is ${String(ours)}, ${source} says ${String(theirs)}`
  if (!same(ours, theirs) && !last && !isAdopted) world.violate('I3', `${what}, and nobody edited it`)
  if (!same(ours, theirs) && last && !same(ours, last.to) && !isAdopted)
    world.violate('I3', `${what}, and the last edit was ${String(last.to)}`)
  if (!same(ours, theirs) && conflict === 'ask' && last && isParted(edits, last, sources, theirs) && !isAdopted)
    world.violate('I3', `${what}, both were edited, and nobody is asked`)
  // What was there when it was recognised is what both are taken to have agreed on, and so is what both stores said since.
  const wasAgreed = last && ((how !== 'created' && last.at <= linked) || sources.some(({ to }) => same(to, last.to)))
  if (last && isLost(edits, last) && !wasAgreed && (conflict !== 'source' || !sources.length))
    world.violate('I2', `${what}; the edit ${String(last.to)} was overwritten`)
  if (!last && isAdopted && edits.some(({ who, from }) => who === 'client' && from !== undefined) && !sources.length)
    world.violate('I19', `${what}; it was adopted, and overwritten`)
}

/** Whether both stores moved away from what we wrote last. */
const isParted = (edits: readonly Event[], last: Event, sources: readonly Event[], theirs: unknown): boolean => {
  const written = edits.findLast(({ who }) => who === 'client')
  if (!written || last.at <= written.at || same(last.to, written.to)) return false
  const moved = sources.filter(({ at }) => at > written.at)
  return moved.length > 0 && !same(moved[0]?.from, theirs)
}

/** Whether an edit that could be seen was overwritten by us. */
const isLost = (edits: readonly Event[], edit: Event): boolean =>
  edits.some(({ who, at, from, to }) => {
    if (who !== 'client' || at <= edit.at + UNSEEN_MS) return false
    return same(from, edit.to) && !same(to, edit.to)
  })

/** How long after a reading a row may be written: a request that hangs, its retries, and the wait for its proof. */
const UNSEEN_MS = 15 * 60_000

/** What a row that was made refers to stands for what the old one refers to. */
const referencesHold = (world: MoveWorld): void => {
  const { from, to } = world
  const standsFor = (table: Carried) => new Map(linksOf(world, table).map((link) => [link.from, link.to]))
  const [brands, categories] = [standsFor('brands'), standsFor('categories')]
  for (const link of linksOf(world, 'products')) {
    const [old, now] = [from.emulator.state.products.get(link.from), to.emulator.state.products.get(link.to)]
    if (!old || !now || link.how !== 'created') continue
    const wanted = old.categories.flatMap((id) => categories.get(id) ?? []).sort((a, b) => a - b)
    const found = [...now.categories].sort((a, b) => a - b)
    const what = `products/${link.to} is not where products/${link.from} is`
    if (JSON.stringify(wanted) !== JSON.stringify(found))
      world.violate('I3', `${what}: categories ${found.join(' ')}, not ${wanted.join(' ')}`)
    const brand = brands.get(old.brand_id)
    if (brand !== undefined && now.brand_id !== brand)
      world.violate('I3', `${what}: brand ${now.brand_id}, not ${brand}`)
  }
  for (const { id, parent_id, ...row } of rowsOf(from.emulator.state, 'categories')) {
    const [own, parent] = [categories.get(id), categories.get(Number(parent_id))]
    if (own === undefined || parent === undefined) continue
    const there = to.emulator.state.categories.get(own)?.['parent_id']
    if (there !== parent) world.violate('I3', `category ${String(row['name'])} lies below ${there}, not ${parent}`)
  }
}
