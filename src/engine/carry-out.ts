import { allowedTexts, deriveWrites, routeWrites, type Stage, WRITTEN_ONCE, type Write } from '../diff/index.ts'
import { type Change, SkiffError, UnavailableError } from '../model/index.ts'
import { canaryRows, proveCanary } from './canary.ts'
import { checkRows } from './check-rows.ts'
import { stopIfAsked } from './context.ts'
import { dispatch } from './dispatch.ts'
import { asMade } from './finish-made.ts'
import { isTerminal, type Ledger } from './ledger.ts'
import type { Pushing } from './pushing.ts'
import type { Sender } from './send.ts'
import { writeContext } from './store-rows.ts'
import { suspectsOf } from './suspects.ts'
import { type Suspect, verifyUnknown } from './verify-unknown.ts'
import { settleWriteBacks, writeBack } from './write-back.ts'

/**
 * Settles what an interrupted push left in doubt, then sends what is still as planned, and again what was certainly not carried
 * out, at most three times. Returns why it had to stop early, or null.
 * @throws what the first look at the rows finds: then nothing was sent.
 */
export const carryOut = async (pushing: Pushing, chosen: readonly Change[]): Promise<SkiffError | null> => {
  const { side, plan, ledger, options } = pushing
  const toStore = chosen.filter((change) => change.side === 'store')
  const toSource = chosen.filter((change) => change.side === 'source')
  const doubtful = suspectsOf(pushing.context, side, ledger, plan, toStore)
  const settled = await reported(() => verifyUnknown(pushing, doubtful))
  if (settled instanceof SkiffError) return settled
  await settleKilled(pushing, toSource)
  const todo = chosen.filter(({ id }) => !isTerminal(ledger.state(id)))
  const evidence = { by: options.approvedBy, allowed: allowedTexts(options.allowed) }
  // Also of rows that an earlier push left approved: who goes on, and with which guards let pass, is another decision.
  ledger.record(todo.map(({ id }) => ({ change: id, to: 'approved' as const, evidence })))

  const forStore = todo.filter((change) => change.side === 'store')
  const ready = forStore.length ? await checkRows(pushing, forStore, true) : []
  const readAt = pushing.pulse.beat()
  const failure = await reported(() => sendCanaryFirst(pushing, ready, readAt))
  if (failure) return failure
  stopIfAsked(pushing.context, `the push of ${plan.plan}`)
  const rest = toSource.filter(({ id }) => !isTerminal(ledger.state(id)))
  return (await reported(() => writeBack(pushing, rest))) ?? null
}

const settleKilled = async (pushing: Pushing, changes: readonly Change[]): Promise<void> => {
  const { write } = pushing.options.source
  const killed = changes.filter(({ id }) => pushing.ledger.state(id) === 'intent')
  if (killed.length && write) await settleWriteBacks(pushing, write, killed)
}

/** A large push begins with a few rows, and goes on when the store shows what they wrote. */
const sendCanaryFirst = async (
  pushing: Pushing,
  ready: readonly Change[],
  readAt: number,
): Promise<SkiffError | null> => {
  const first = canaryRows(pushing, ready)
  if (!first.length) return sendRounds(pushing, ready, readAt)
  const failure = await sendRounds(pushing, first, readAt)
  if (failure) return failure
  await proveCanary(pushing, first)
  const sent = new Set(first.map(({ id }) => id))
  return sendRounds(
    pushing,
    ready.filter(({ id }) => !sent.has(id)),
    readAt,
  )
}

/** Once rows may have been sent, a failure ends the push with its report instead of in its place. */
const reported = async <T>(work: () => Promise<T>): Promise<T | SkiffError> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SkiffError) return error
    throw error
  }
}

const MOST_ROUNDS = 3
const MOST_GAPS = 20

/** @param readAt gaps of the push until the rows were read */
const sendRounds = async (pushing: Pushing, first: readonly Change[], readAt: number): Promise<SkiffError | null> => {
  const { ledger, breaker, pulse } = pushing
  const full: Sender['full'] = new Set()
  const delays: Sender['delays'] = new Map()
  let ready = first
  let current = readAt
  let together: Sender['overdue'] = []
  for (let [round, gaps] = [1, 0]; ; ) {
    pulse.beat()
    const stages = stagesOf(pushing, ready, together)
    pulse.reckoned()
    const sender: Sender = { unknown: [], overdue: [], delays, stopped: null, full, breaker, pulse, readAt: current }
    await dispatch(pushing, sender, stages)
    releaseHalves(ledger, sender, ready)
    if (sender.stopped) return sender.stopped
    const suspects = suspectsAmong(ready, sender)
    const undone = await verifyUnknown(pushing, suspects)
    breaker.mismatched(suspects.filter(({ change }) => ledger.state(change.id) === 'skipped').length)
    together = sender.overdue
    const late = new Set(together.flat())
    const overdue = ready.filter(({ id }) => late.has(id) && ['approved', 'intent'].includes(ledger.state(id)))
    if (breaker.tripped() || !(undone.length || overdue.length)) return breaker.tripped()
    if (undone.length && round === MOST_ROUNDS) {
      const evidence = { reason: 'sent three times without an answer' }
      const given = undone.filter(({ id }) => !ledger.made(id))
      ledger.record(given.map(({ id }) => ({ change: id, to: 'failed' as const, evidence })))
      if (!overdue.length) return null
    }
    if (overdue.length && gaps === MOST_GAPS) return stoodStill(pushing)
    if (undone.length) round += 1
    if (overdue.length) gaps += 1
    const left = new Set([...undone, ...overdue])
    ready = await checkRows(
      pushing,
      [...left].filter(({ id }) => !isTerminal(ledger.state(id))),
      false,
    )
    current = pulse.beat()
  }
}

const stoodStill = ({ plan }: Pushing): UnavailableError =>
  new UnavailableError('the push stood still again and again, and its rows were read in vain', {
    hint: `what was sent is recorded; \`skiff push ${plan.plan}\` goes on when the store answers faster`,
  })

/** What was to go in one request and was put off goes in one again: a refused batch may have been halved to get there. */
const stagesOf = (pushing: Pushing, ready: readonly Change[], together: Sender['overdue']): readonly Stage[] => {
  const groupOf = new Map(together.flatMap((ids, group) => ids.map((id) => [id, group] as const)))
  const groups = new Map<number | undefined, Write[]>()
  for (const write of writesFor(pushing, ready)) {
    const group = groupOf.get(write.changes[0] ?? -1)
    const members = groups.get(group) ?? []
    members.push(write)
    groups.set(group, members)
  }
  return [...groups.values()].flatMap((writes) => routeWrites(pushing.context.catalog, writes))
}

/** The writes of a round. A row whose value would now go elsewhere than the plan said is not sent. */
const writesFor = ({ side, target, ledger }: Pushing, ready: readonly Change[]): readonly Write[] => {
  const context = writeContext(side, target)
  for (let left = ready.map(asMade(ledger)); ; ) {
    const { writes, impossible, notes } = deriveWrites(target, left, context)
    const bad = new Map(impossible.map(({ change, reason }) => [change, reason]))
    for (const { id, fields } of left) {
      const moved = fields.some(
        ({ field, note }) => (note === WRITTEN_ONCE) !== (notes.get(id)?.[field] === WRITTEN_ONCE),
      )
      if (moved && !bad.has(id))
        bad.set(id, 'the plan writes one value for all variants, and not all of them are left; plan again')
    }
    if (!bad.size) {
      ledger.expect(writes)
      return writes
    }
    ledger.record([...bad].map(([change, reason]) => ({ change, to: 'skipped', evidence: { reason } })))
    left = left.filter(({ id }) => !bad.has(id))
  }
}

/** A change of several requests that was stopped between them is not in flight: the next push sends what is left of it. */
const releaseHalves = (ledger: Ledger, { unknown }: Sender, changes: readonly Change[]): void => {
  const unsure = new Set(unknown.flatMap(({ write }) => write.changes))
  ledger.record(
    changes
      .filter(({ id }) => ledger.state(id) === 'intent' && !ledger.made(id) && !unsure.has(id))
      .map(({ id }) => ({ change: id, to: 'approved' as const, evidence: { reason: 'a part of it was not sent' } })),
  )
}

/** What was sent with a new row may be less than was planned. */
const suspectsAmong = (changes: readonly Change[], { unknown }: Sender): readonly Suspect[] => {
  const since = new Map<number, number>()
  const sent = new Map<number, Change['nested']>()
  for (const { write, at } of unknown) {
    for (const change of write.changes) {
      since.set(change, Math.max(at, since.get(change) ?? 0))
      sent.set(change, write.nested)
    }
  }
  return changes.flatMap((change) => {
    const at = since.get(change.id)
    const nested = sent.get(change.id)
    const tried = nested && nested !== change.nested ? { ...change, nested } : change
    return at === undefined ? [] : [{ change: tried, since: at, until: at }]
  })
}
