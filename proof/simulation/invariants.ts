import type {
  Change,
  Plan,
  PullReport,
  PushReport,
  SyncReport,
  SyncSpec,
  Values,
  VerifyReport,
} from '../../src/model/index.ts'
import { matchText, pushable } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { placesOf, same } from './contents.ts'
import { CHANGED, CURRENCY, FIELD, LIST, stemOf, stemsIn } from './extras.ts'
import { rowsOf } from './feeds.ts'
import type { History } from './history.ts'
import { canaryFound, type World } from './world.ts'

/** I11: what existed all through a complete pull is in the mirror. */
export const pulledEverything = (world: World, report: PullReport, began: number): void => {
  if (!report.resources.some(({ resource, complete }) => resource === 'products' && complete)) return
  const products = resourceOf('products')
  for (const id of world.history.presentThroughout(began - world.swarm.staleMs - 2000, world.clock.now())) {
    if (!world.mirror.row(products, { id })) world.violate('I11', `a complete pull did not bring product ${id}`)
  }
}

/** I3: a row that says when it was changed is not passed over: what it says is what was last agreed on. */
export const nothingUnread = (world: World, { name, fields, partOf, keyRules }: SyncSpec): void => {
  if (world.swarm.extras.overlap === null || partOf || keyRules) return
  const seen = new Set<string>()
  for (const row of rowsOf(world.feed.text)) {
    const known = world.mirror.base(name).get(matchText({ sku: row.sku }))
    const entity = known ? (JSON.parse(known.entity) as Values) : {}
    // What was agreed on a product that is gone stays as it is.
    if (!world.emulator.state.products.has(Number(entity['product_id'] ?? entity['id']))) continue
    for (const [field, { from, owner, asOf }] of Object.entries(fields)) {
      const agreed = known?.fields[field]
      const told = (row as unknown as Record<string, string>)[from ?? ''] ?? ''
      // Of a figure with a moment, orders are taken off.
      if (
        asOf ||
        owner !== 'source' ||
        !agreed ||
        agreed.stands ||
        agreed.kept ||
        told.trim() === '' ||
        seen.has(row.sku)
      )
        continue
      if (!same(agreed.source, told.trim()))
        world.violate(
          'I3',
          `${name}: ${row.sku} says ${field} ${told} since ${row[CHANGED]}, and ${String(agreed.source)} was read`,
        )
    }
    seen.add(row.sku)
  }
}

/** I5: each row of a push ends in exactly one way, and the counts say so. */
export const reportAddsUp = (world: World, report: PushReport): void => {
  const { applied, skipped, failed } = report.counts
  const count = (state: string) => report.rows.filter((row) => row.state === state).length
  if (applied !== count('applied') || skipped !== count('skipped') || failed !== count('failed')) {
    world.violate('I5', `the counts of ${report.plan} are not those of its rows`)
  }
  const open = report.rows.filter(({ state }) => !ENDED.has(state)).length
  if (open && report.state === 'complete')
    world.violate('I5', `${report.plan} is called complete with ${open} open rows`)
}

const ENDED: ReadonlySet<string> = new Set(['applied', 'skipped', 'failed'])

/** What the journal says of every change is what happened, and nothing of it was altered (I5, I6, I8, I24, I29). */
export const storyHolds = (world: World): void => {
  const { mirror, watch } = world
  const broken = mirror.brokenJournal()
  if (broken !== null) world.violate('I29', `entry ${broken} of the journal was altered`)
  if (canaryFound(world)) world.violate('I24', 'the token lies in the mirror')
  for (const [sku, times] of watch.created) {
    const gone = world.history.events.filter(({ field, to }) => field === 'exists' && to === undefined).length
    if (times > 1 + gone) world.violate('I6', `${sku} was created ${times} times`)
  }
  for (const { plan } of mirror.plans(1000)) {
    const states = mirror.changeStates(plan.plan)
    for (const change of pushable(plan)) {
      const { state = 'planned', reason = null } = states.get(change.id) ?? {}
      const what = `${plan.plan} change ${change.id} is ${state}`
      if (state === 'intent' || state === 'unknown') world.violate('I5', `${what} at rest`)
      if (state === 'applied') checkApplied(world, change, what)
      const did = watch.effects.some((one) => one.plan === plan.plan && one.change === change.id)
      if (state === 'failed' && did && !reason?.includes(' applied'))
        world.violate('I8', `${what} and changed the store`)
    }
  }
}

const checkApplied = (world: World, change: Change, what: string): void => {
  if (change.action === 'create' && change.resource === 'products') {
    const sku = String(change.key['sku'])
    if (!world.watch.created.has(sku) && !everHeld(world.history, 'sku', sku))
      world.violate('I8', `${what}, and ${sku} never was in the store`)
    return
  }
  for (const field of change.fields) {
    // A cell that an undo puts back is the file's own affair.
    if (change.side === 'source' && field.other !== undefined) continue
    const places = placesOf(change, field)
    const held = places.some((place) => {
      const [entity = '', name = ''] = place.split('.')
      if (same(world.history.value(entity, name), field.to)) return true
      return world.history.of(entity, name).some(({ from, to }) => same(from, field.to) || same(to, field.to))
    })
    // Stock shows a moment after it was accepted; a product that was deleted in between never shows it.
    const isGone = places.every((place) => world.history.value(place.split('.')[0] ?? '', 'exists') === undefined)
    if (!held && !isGone) world.violate('I8', `${what}, and the store never held ${field.field} ${String(field.to)}`)
  }
}

const everHeld = (history: History, field: string, value: string): boolean =>
  history.events.some((event) => event.field === field && (event.to === value || event.from === value))

/** Mirror, store, source and base once nobody disturbs any more (I3, I7, I12). */
export const atRest = (world: World, reports: readonly SyncReport[]): void => {
  mirrorIsStore(world)
  for (const report of reports) {
    const spec = world.swarm.syncs.find(({ name }) => name === report.sync)
    const stored = world.mirror.plan(report.plan)?.plan
    if (!spec || !stored) continue
    if (spec.partOf) {
      partsAtRest(world, spec, stored)
      continue
    }
    const open = new Set(
      [...stored.changes, ...stored.held, ...stored.rejected].map(({ key }) => (key ? matchText(key) : '')),
    )
    const lookup = world.mirror.lookup(
      catalog.derived.get(spec.resource) ?? resourceOf(spec.resource),
      Object.keys(spec.key),
    )
    for (const good of world.feed.goods) {
      const named = nameOf(spec, good.sku)
      const key = matchText(named)
      const [row, second] = lookup.find(named)
      if (open.has(key) || !row || second) continue
      for (const [field, rule] of Object.entries(spec.fields)) {
        const wanted = good[rule.from as keyof typeof good] ?? ''
        const held = row.values[field] ?? null
        const base = world.mirror.base(spec.name).get(key)?.fields[field]
        // What a person decided stands until its source moves.
        if (base?.stands) continue
        if (rule.owner === 'source' && wanted.trim() !== '' && !same(held, wanted.trim())) {
          world.violate('I3', `${spec.name}: ${good.sku} has ${field} ${String(held)}, the source ${wanted}`)
        }
        if (rule.owner === 'source' && base && !base.kept && !same(base.store, held)) {
          world.violate(
            'I12',
            `${spec.name}: the base of ${good.sku} says ${String(base.store)}, both sides ${String(held)}`,
          )
        }
      }
    }
  }
}

const nameOf = ({ keyRules }: SyncSpec, sku: string): Values =>
  keyRules ? { price_list_id: LIST, sku, currency: CURRENCY } : { sku }

/** I3, I6: each product has its custom field and its pictures once, as the source says. */
const partsAtRest = (
  { emulator, feed, mirror, violate }: World,
  { name, resource, images }: SyncSpec,
  plan: Plan,
): void => {
  const open = new Set([...plan.changes, ...plan.held, ...plan.rejected].map(({ key }) => key?.['product_id']))
  const undone = new Set<string>()
  for (const { key, fields } of mirror.base(name).all())
    if (Object.values(fields).some(({ stands }) => stands)) undone.add(key.split('\t')[0] ?? '')
  for (const good of feed.goods) {
    const [product, second] = emulator.state.products.where('sku', good.sku.toLowerCase())
    if (!product || second || open.has(product.id) || undone.has(String(product.id))) continue
    if (resource === 'product_custom_fields') {
      const found = emulator.state.customFields.where('product', product.id).filter((one) => one['name'] === FIELD)
      if (good.shelf && !(found.length === 1 && same(found[0]?.['value'], good.shelf)))
        violate('I3', `${good.sku} has ${JSON.stringify(found.map(({ value }) => value))}, the source ${good.shelf}`)
      continue
    }
    const stems = emulator.state.images.where('product', product.id).map((one) => stemOf(String(one['image_file'])))
    const ours = stems.filter((stem) => stem.startsWith('feed'))
    const wanted = stemsIn(good.pictures ?? '')
    if (
      wanted.some((stem) => !ours.includes(stem)) ||
      (images?.remove && good.pictures && ours.length !== wanted.length)
    )
      violate('I3', `${good.sku} has the pictures ${ours.join(' ')}, the source ${wanted.join(' ')}`)
  }
}

/** I31: at rest verify finds nothing but rows that are listed as open, and a base whose row is gone. */
export const verifiedAtRest = (world: World, { rows, mirror }: VerifyReport, reports: readonly SyncReport[]): void => {
  const listed = new Set<string>()
  for (const { plan, sync } of reports) {
    const stored = world.mirror.plan(plan)?.plan
    for (const { key } of [...(stored?.changes ?? []), ...(stored?.held ?? []), ...(stored?.rejected ?? [])])
      if (key) listed.add(`${sync} ${matchText(key)}`)
  }
  for (const { cause, sync, key, field } of rows) {
    const isListed = listed.has(`${sync} ${matchText(key)}`) && !OF_THE_MIRROR.has(cause)
    if (cause === 'base-of-gone-row' || isListed) continue
    world.violate('I31', `verify finds ${cause} at rest: ${sync} ${matchText(key)} ${field}`)
  }
  if (mirror.damage !== null || mirror.altered !== null) world.violate('I31', 'verify doubts the mirror')
}

/** A row that waits for a person is no reason for the mirror to differ from the store. */
const OF_THE_MIRROR: ReadonlySet<string> = new Set(['mirror-stale', 'missing-in-mirror', 'missing-in-store'])

const mirrorIsStore = (world: World): void => {
  const { state } = world.emulator
  for (const [name, rows, fields] of [
    ['products', state.products.list(), ['sku', 'name', 'price', 'weight', 'is_visible', 'inventory_level']],
    ['variants', state.variants.list(), ['sku', 'price', 'inventory_level']],
  ] as const) {
    const resource = resourceOf(name)
    for (const row of rows) {
      const mirrored = world.mirror.row(resource, { id: row.id })
      if (!mirrored) {
        world.violate('I7', `the mirror lacks ${name} ${row.id}`)
        continue
      }
      for (const field of fields) {
        const [ours, theirs] = [mirrored[field], (row as Record<string, unknown>)[field]]
        const unset = theirs === '' || theirs === 0
        if (!same(ours, theirs) && !(unset && (ours ?? null) === null)) {
          world.violate('I7', `${name} ${row.id} has ${field} ${String(theirs)}, the mirror ${String(ours)}`)
        }
      }
    }
    const held = world.mirror.lookup(resource, ['id'], ['id']).count()
    if (held !== rows.length) world.violate('I7', `the mirror holds ${held} ${name}, the store ${rows.length}`)
  }
  const { parts, lists } = world.swarm.extras
  for (const [name, rows, is] of [
    ['product_custom_fields', state.customFields, parts],
    ['product_images', state.images, parts],
    ['price_list_records', state.priceRecords, lists],
  ] as const) {
    const held = is ? world.mirror.lookup(resourceOf(name), resourceOf(name).key, ['id']).count() : 0
    if (is && held !== rows.list().length)
      world.violate('I7', `the mirror holds ${held} ${name}, the store ${rows.list().length}`)
  }
}

const resourceOf = (name: string) => {
  const resource = catalog.resources.get(name)
  if (!resource) throw new Error(`no resource ${name}`)
  return resource
}
