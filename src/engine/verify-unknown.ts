import { belongs, fieldsOf, type Target } from '../diff/index.ts'
import type { MirrorRow } from '../mirror/index.ts'
import {
  type Change,
  isoTime,
  matchText,
  sameValue,
  says,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'
import { forgetWritten } from './keep-written.ts'
import type { Proven, Step } from './ledger.ts'
import { listsNamed } from './lists-of.ts'
import { missingInner } from './nested.ts'
import type { Writing } from './pushing.ts'
import { readByKeys, readSince } from './read-rows.ts'
import { parentKeys, taskOf } from './scope-of-pull.ts'
import { rememberFound } from './sent.ts'
import { horizonMs, learnLate } from './settle.ts'
import { rowFinder } from './store-rows.ts'

export interface Suspect {
  readonly change: Change
  /** When its request ended or was last known to be under way, ms. */
  readonly since: number
  /** After this moment it cannot have left any more, ms. */
  readonly until: number
}

/**
 * Finds out what became of requests that were never answered. The new value in the store proves that the change was carried out.
 * The old value proves the contrary only late enough and twice, because a request may be carried out long after its time-out. Any
 * third value is somebody else's, and is left alone.
 * @returns changes that were certainly not carried out and may be sent again; of what is half made, the rest may be sent.
 */
export const verifyUnknown = async (writing: Writing, suspects: readonly Suspect[]): Promise<readonly Change[]> => {
  const { context, ledger } = writing
  const horizon = horizonMs(writing)
  const halves: Change[] = []
  let open = await sift(writing, suspects, halves)
  if (!open.length) return halves
  const latest = open.reduce((last, { until }) => Math.max(last, until), 0)
  const wait = latest + horizon - context.clock.now()
  if (wait > 0) {
    const text =
      `${open.length} changes got no answer. The store may still carry them out, up to ${Math.ceil(horizon / 1000)} s after they left, ` +
      `so it is asked again at ${isoTime(latest + horizon)}, in ${Math.ceil(wait / 1000)} s`
    context.progress({ kind: 'step', text })
    await context.clock.sleep(wait, context.signal)
  }
  open = await sift(writing, open, halves)
  if (!open.length) return halves
  await context.clock.sleep(BETWEEN_READS_MS, context.signal)
  const waitedFor = open
  open = await sift(writing, open, halves)
  const late = waitedFor.find(({ change }) => ledger.state(change.id) === 'applied')
  if (late) learnLate(writing, horizon, context.clock.now() - late.until)
  const evidence = { reason: 'not carried out' }
  ledger.record(open.map(({ change }) => ({ change: change.id, to: 'approved' as const, evidence })))
  return [...halves, ...open.map(({ change }) => change)]
}

const BETWEEN_READS_MS = 1000

/**
 * Reads the suspects once, settles those that are proven, and returns those that still show the old value. Created rows that are
 * there without what follows them are added to `halves`.
 */
const sift = async (writing: Writing, suspects: readonly Suspect[], halves: Change[]): Promise<readonly Suspect[]> => {
  if (!suspects.length) return []
  const { side, target, ledger } = writing
  await readAgain(writing, suspects)
  const find = rowFinder(side.mirror, target)
  const open: Suspect[] = []
  const proven: Proven[] = []
  const applied: Step[] = []
  const skipped: Step[] = []
  const found: Change[] = []
  const half: Change[] = []
  for (const suspect of suspects) {
    const { change } = suspect
    if (target.kind === 'plain') rememberFound(writing, target.resource, change)
    const row = change.action === 'create' ? findCreated(writing, change) : find(change.entity)
    const isOurs = isTakenDown(writing, change, row)
    const isMade = row !== undefined && change.action === 'create' && isOrdered(target)
    const proof = isOurs || isMade ? 'new' : innerProof(writing, change, row, proofOf(target, change, row?.values))
    if (proof === 'old') open.push(suspect)
    else if (proof === 'new') {
      const evidence = { reason: 'found in the store' }
      if (change.follow) half.push(change)
      else applied.push({ change: change.id, to: 'applied', evidence })
      found.push(change)
      for (const { field, to } of change.fields) {
        const isGiven = isOurs || (change.action === 'create' && fieldsOf(target)[field]?.granted)
        const value = isGiven ? (row?.values[field] ?? null) : to
        proven.push({ change: change.id, field, value, ...(row ? { entity: row.entity } : {}) })
      }
    } else {
      const reason = proof === 'gone' ? 'gone from the store' : `the store holds another value: ${proof.other}`
      skipped.push({ change: change.id, to: 'skipped', evidence: { reason } })
    }
  }
  forgetWritten(writing, found)
  ledger.prove(proven, applied)
  const evidence = { reason: 'it is made, and what follows it is still to come' }
  ledger.record(half.map(({ id: change }) => ({ change, to: 'intent', evidence })))
  ledger.record(skipped)
  halves.push(...half)
  return open
}

/** The answer that a row was created came and is in the base; only what follows the row is in doubt. */
const isTakenDown = ({ side, plan }: Writing, { follow, key }: Change, row: MirrorRow | undefined): boolean =>
  follow !== undefined &&
  row !== undefined &&
  side.mirror.base(plan.sync).get(matchText(key))?.entity === stableJson(row.entity)

/** Numbers that only tell an order move by themselves, and prove nothing. */
const isOrdered = (target: Target): boolean => target.kind === 'plain' && target.resource.sent !== undefined

type Proof = 'new' | 'old' | 'gone' | { readonly other: string }

const proofOf = (target: Target, { action, fields: all }: Change, now: Values | undefined): Proof => {
  const facts = fieldsOf(target)
  const fields = action === 'create' ? all.filter(({ field }) => !facts[field]?.granted) : all
  if (action === 'remove') return now ? 'old' : 'new'
  if (!now) return action === 'create' ? 'old' : 'gone'
  // What is made may come with more members than were sent.
  const holds = action === 'create' ? says : sameValue
  const held = (field: string): Value => now[field] ?? null
  const other = fields.find(
    ({ field, from, to }) => !holds(held(field), to) && (action === 'create' || !sameValue(held(field), from)),
  )
  if (other) return { other: `${other.field} ${JSON.stringify(held(other.field))}` }
  return fields.every(({ field, to }) => holds(held(field), to)) ? 'new' : 'old'
}

/** A create is ours only when what was made with it is there too. */
const innerProof = (
  { context, side, target }: Writing,
  change: Change,
  row: MirrorRow | undefined,
  proof: Proof,
): Proof => {
  if (proof !== 'new' || !row || target.kind !== 'plain') return proof
  const missing = missingInner(context.catalog, side.mirror, target.resource, change, row.entity)
  return missing === undefined ? 'new' : { other: missing }
}

const findCreated = ({ side, target }: Writing, { key }: Change) =>
  side.mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(key)).find(key)[0]

const readAgain = async ({ context, side, target, run }: Writing, suspects: readonly Suspect[]): Promise<void> => {
  // What was made with a row is looked for with it.
  const inner = [...new Set(suspects.flatMap(({ change: { nested = {} } }) => Object.keys(nested)))]
  const reading = { task: taskOf(context.catalog, target, inner), purpose: 'check' as const, run }
  const { ids, one } = reading.task.resource.api.list ?? {}
  const isAsked = ids !== undefined || one !== undefined
  const isFindable = ({ change: { action, key } }: Suspect): boolean =>
    isAsked && (action !== 'create' || (target.kind === 'plain' && belongs(target.resource, key)))
  const created = suspects.filter((one) => !isFindable(one))
  const known = suspects.filter(isFindable).map(({ change }) => change)
  if (known.length) await readByKeys(context, side, reading, parentKeys(side.mirror, reading.task, target, known))
  if (created.length) {
    const since = created.reduce((first, one) => Math.min(first, one.since), context.clock.now())
    const changes = created.map(({ change }) => change)
    await readSince(context, side, reading, since - SLACK_MS, listsNamed(reading.task.resource, changes))
  }
}

/** The clock of the store may differ from ours. */
const SLACK_MS = 10 * 60_000
