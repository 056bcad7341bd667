import { BlockedError, type Change, isoTime, sameValue, stableJson } from '../model/index.ts'
import { limitOf } from './breaker.ts'
import { placesOf } from './keep-written.ts'
import type { Pushing } from './pushing.ts'
import { readByKeys } from './read-rows.ts'
import { parentKeys, taskOf } from './scope-of-pull.ts'
import { horizonMs, learnLate } from './settle.ts'
import { rowFinder } from './store-rows.ts'

/** The rows that go first, whole families of them, because what all variants share is written once; empty for a small push. */
export const canaryRows = (pushing: Pushing, ready: readonly Change[]): readonly Change[] => {
  const most = firstRows(limitOf(pushing, 'canary'), ready.length)
  if (!most) return []
  const { target } = pushing
  const unitOf = ({ id, entity }: Change): string =>
    target.kind === 'family' ? String(entity[target.derived.link]) : `${id}`
  const units = new Set<string>()
  const rows: Change[] = []
  for (const change of ready) {
    const unit = unitOf(change)
    if (rows.length >= most && !units.has(unit)) continue
    units.add(unit)
    rows.push(change)
  }
  return rows
}

/** How many rows go first at least, by the guard's limit. */
export const firstRows = (limit: number | null, ready: number): number =>
  limit === null || ready <= limit * SMALL ? 0 : limit

/** A push of up to this many times the canary rows is not worth a stop. */
const SMALL = 10

/**
 * Reads back what the first rows wrote. A row that still shows its old value is looked at again until no write can still be on its
 * way; one that shows up late makes every later write be waited for longer. A third value is somebody else's and proves nothing.
 * @throws {BlockedError} when a row does not hold what was written to it.
 */
export const proveCanary = async (pushing: Pushing, rows: readonly Change[]): Promise<void> => {
  const { context, plan, ledger } = pushing
  let open: readonly Change[] = rows.filter(
    ({ id, action }) => ledger.state(id) === 'applied' && action !== 'create' && action !== 'remove',
  )
  const { sent, settled } = lastSent(pushing, open)
  const end = Math.max(settled, sent + horizonMs(pushing))
  let isLate = false
  for (let pause = FIRST_PAUSE_MS; open.length; pause *= 2) {
    open = await stillOld(pushing, open)
    const now = context.clock.now()
    if (isLate && !open.length) learnLate(pushing, settled - sent, now - sent)
    if (!open.length || now >= end) break
    isLate = true
    const text =
      `${plan.sync}: the store does not show the first rows yet, as it may for some time after a write; ` +
      `waiting until ${isoTime(end)} at most, ${Math.ceil((end - now) / 1000)} s more, before the others are sent`
    context.progress({ kind: 'step', text })
    await context.clock.sleep(Math.min(pause, end - now), context.signal)
  }
  const [first] = open
  if (!first) return
  const name = Object.values(first.key).join(' / ')
  throw new BlockedError(
    `canary: ${open.length} of the first ${rows.length} rows do not hold what was written (${name})`,
    {
      hint: `the other rows are as they were; look at ${name} in the store, then go on with \`skiff push ${plan.plan} --allow canary\``,
    },
  )
}

const FIRST_PAUSE_MS = 1000

/** When the last of these rows were written, and until when they may not show, ms. */
const lastSent = ({ side, target }: Pushing, rows: readonly Change[]): { sent: number; settled: number } => {
  const places = new Set(rows.flatMap((row) => placesOf(target, row)).map(placeText))
  const written = side.mirror.unsettled('').filter((one) => places.has(placeText(one)))
  const latest = (times: readonly string[]): number => times.reduce((last, at) => Math.max(last, Date.parse(at)), 0)
  return { sent: latest(written.map(({ appliedAt }) => appliedAt)), settled: latest(written.map(({ until }) => until)) }
}

const placeText = ({ resource, key, field }: { resource: string; key: string; field: string }): string =>
  [resource, key, field].join('\t')

const stillOld = async (pushing: Pushing, rows: readonly Change[]): Promise<readonly Change[]> => {
  const { context, side, target, run } = pushing
  const reading = { task: taskOf(context.catalog, target), purpose: 'check' as const, run }
  await readByKeys(context, side, reading, parentKeys(side.mirror, reading.task, target, rows))
  const find = rowFinder(side.mirror, target)
  return rows.filter(({ entity, fields }) => {
    const row = find(entity)
    return fields.some(
      ({ field, from, to }) =>
        row && !sameValue(from, to) && stableJson(row.values[field] ?? null) === stableJson(from),
    )
  })
}
