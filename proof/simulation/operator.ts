import { parseAllow } from '../../src/diff/index.ts'
import { resolve, undo, withRun } from '../../src/engine/index.ts'
import { matchText, type Plan, type SyncSpec } from '../../src/model/index.ts'
import { placesOf, same } from './contents.ts'
import type { Session, World } from './world.ts'

/** What somebody lets pass who looks at a very small shop: there, few rows are many. */
export const LOOKED_AT = ['maxChanges', 'allChanged', 'maxConflicts', 'maxHides', 'stockToZero']

/** The operator decides some of the conflicts that wait. Returns the plan for it; undefined where nothing has to be written. */
export const resolveSome =
  (world: World, spec: SyncSpec) =>
  async ({ context, side }: Session): Promise<string | undefined> => {
    const { dice } = world
    const ids = side.mirror.conflicts(spec.name).map(({ id }) => id)
    const chosen = ids.filter((_id, index) => index === 0 || dice.chance(0.5))
    const options = {
      take: dice.pick(['store', 'source']),
      by: 'the operator',
      allowed: parseAllow(LOOKED_AT),
      configHash: world.config,
    }
    const { plan } = await withRun(context, side, 'resolve', spec.name, async (run) =>
      resolve(context, side, spec, chosen, options, run),
    )
    return plan?.plan
  }

/** What the operator takes back. */
export interface Undone {
  /** The plan that was carried out, and the one that takes it back. */
  readonly done: Plan
  readonly back: Plan
}

/** Runs of a sync that wrote something lately. */
export const undoable = (world: World, spec: SyncSpec): readonly string[] =>
  world.mirror
    .runs(12)
    .map(({ run }) => run)
    .filter((run) => {
      const [sent] = world.mirror.sentIn(run)
      return sent && world.mirror.plan(sent.plan)?.plan.sync === spec.name
    })

export const undoRun =
  (world: World, spec: SyncSpec, id: string) =>
  async ({ context, side }: Session): Promise<Undone | undefined> => {
    const done = world.mirror.plan(world.mirror.sentIn(id)[0]?.plan ?? '')?.plan
    const options = { allowed: parseAllow(LOOKED_AT), automatic: false, configHash: world.config }
    const { plan: back } = await withRun(context, side, 'undo', id, async (run) =>
      undo(context, side, spec, id, options, run),
    )
    return done && { done, back }
  }

/**
 * I21: an undo overwrites only what its run wrote, and brings back what was there before. It holds until somebody else comes, and the
 * value that was taken back does not return by itself.
 */
export const judgeUndo = (world: World, { done, back }: Undone, began: number): void => {
  const { history, mirror, watch, feed } = world
  const states = mirror.changeStates(back.plan)
  for (const change of back.changes) {
    const key = matchText(change.key)
    for (const field of change.fields) {
      const what = `${back.plan} change ${change.id} (${field.field})`
      const before = done.changes
        .filter((one) => one.side === change.side && matchText(one.key) === key)
        .flatMap(({ fields }) => fields)
        .find((one) => one.field === field.field)
      if (change.action === 'hide') continue
      if (!before) world.violate('I21', `${what} is nothing that ${done.plan} wrote`)
      else if (!same(field.from, before.to))
        world.violate('I21', `${what} overwrites ${String(field.from)}; ${done.plan} wrote ${String(before.to)}`)
      else if (!same(field.to, before.from))
        world.violate('I21', `${what} brings ${String(field.to)}; before ${done.plan} it was ${String(before.from)}`)
      if (change.side !== 'store' || states.get(change.id)?.state !== 'applied') continue
      const places = placesOf(change, field)
      if (!places.length) continue
      const isHeld = places.some((place) => same(valueAt(world, place), field.to))
      const isDisturbed = places.some((place) =>
        history.of(...partsOf(place)).some(({ who, at }) => who !== 'client' && at >= began),
      )
      // Stock shows a moment after it was accepted.
      if (!isHeld && !isDisturbed && field.field !== 'inventory_level')
        world.violate('I21', `${what} is applied, and the store does not hold ${String(field.to)}`)
      const good = feed.goods.find(({ sku }) => matchText({ sku }) === key)
      if (field.field === 'price' && good && same(good.price, field.from))
        for (const place of places) watch.undone.set(place, { sku: good.sku, value: field.from })
    }
  }
}

const valueAt = (world: World, place: string): unknown => world.history.value(...partsOf(place))

const partsOf = (place: string): [string, string] => {
  const [entity = '', field = ''] = place.split('.')
  return [entity, field]
}
