import type { Batch, Write } from '../diff/index.ts'
import {
  AuthError,
  isoTime,
  keyText,
  MirrorError,
  NotFoundError,
  pick,
  type Resource,
  routeName,
  ScopeError,
  type SkiffError,
  sameValue,
  type Values,
} from '../model/index.ts'
import type { Outcome, WriteRow } from '../store/index.ts'
import type { Breaker } from './breaker.ts'
import { echoOf, isAsSet, savedValues } from './echo.ts'
import { keepWritten, type Written } from './keep-written.ts'
import { isTerminal, type Ledger, type Proven, type Step } from './ledger.ts'
import { innerBodies } from './nested.ts'
import type { Pulse } from './pulse.ts'
import type { Writing } from './pushing.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'
import { isFileKept, readUploads } from './uploads.ts'
import { withoutSent } from './without-sent.ts'

/** A row whose outcome nobody knows yet. */
export interface Unknown {
  readonly write: Write
  /** When its request ended, ms. */
  readonly at: number
}

export interface Sender {
  readonly unknown: Unknown[]
  /** Changes whose rows were read too long ago when their turn came, each list of them what one request was to hold. */
  readonly overdue: number[][]
  readonly pulse: Pulse
  readonly delays: Map<number, number>
  /** Gaps until the rows were read. */
  readonly readAt: number
  /** Why the push cannot go on, once that is so. */
  stopped: SkiffError | null
  /** Routes by which the store's plan lets nothing more be created. */
  readonly full: Set<Batch['route']>
  readonly breaker: Breaker
}

/**
 * Sends one batch: intent first, then the request, then what the answer proves. A refused batch is split until the bad row is
 * known; the others go through.
 */
export const sendBatch = async (writing: Writing, sender: Sender, whole: Batch): Promise<void> => {
  const { context, side, ledger } = writing
  if (sender.stopped || context.signal.aborted) return
  // A change that ended needs no further request, and one in doubt gets none before the doubt is settled.
  const open = whole.rows.filter(({ changes }) => changes.some((change) => isOpen(ledger.state(change))))
  const uploads = await readUploads(writing, whole.resource, open)
  if (sender.stopped || context.signal.aborted) return
  for (const [row, reason] of uploads.unfit) ledger.record(stepsOf([row], 'skipped', { reason }))
  const rows = open.filter((row) => !uploads.unfit.has(row)).flatMap((row) => withMade(ledger, row))
  if (!rows.length) return
  if (isOverdue(sender)) return putOff(sender, rows)
  const batch = { ...whole, rows }
  if (sender.full.has(batch.route)) return ledger.record(stepsOf(rows, 'skipped', { reason: FULL }))
  const evidence = { endpoint: routeName(batch.route) }
  const sent = rows.map(outgoing(writing, batch)).map(uploads.attach)
  ledger.record(stepsOf(rows, 'intent', evidence))
  const outcome = await side.store.send(batch.resource, batch.route, sent, () => !isOverdue(sender))
  sender.pulse.beat()
  switch (outcome.kind) {
    case 'yes':
    case 'partial':
      return accept(writing, sender, batch, outcome)
    case 'unknown':
      return suspect(writing, sender, rows, outcome.error.message)
    case 'not-sent':
      ledger.record(stepsOf(rows, 'approved', { reason: outcome.error.message }))
      sender.stopped = outcome.error
      return
    case 'held-back':
      // A row that stays locked would be waited for without end.
      if (outcome.refusal && countDelay(sender, rows) > MOST_DELAYS)
        return refused(writing, sender, batch, outcome.refusal)
      ledger.record(stepsOf(rows, 'approved', { reason: 'the work stood still; its rows are read again first' }))
      return putOff(sender, rows)
    case 'no':
      return refused(writing, sender, batch, outcome)
  }
}

const outgoing = (writing: Writing, batch: Batch): ((write: Write) => WriteRow) => {
  const { whole } = batch.route
  const rest = whole && restOf(writing, batch.resource, whole)
  return ({ id, set, nested, verb }) => ({
    id,
    set,
    ...(rest && verb === 'update' ? { along: rest(id, set) } : {}),
    ...(nested ? { nested: innerBodies(writing.context.catalog, batch.resource, nested) } : {}),
  })
}

/** What a row was just read to hold beside what is set: where it does not go along, it is lost. */
const restOf = ({ context, side, target }: Writing, { name: resource }: Resource, whole: readonly string[]) => {
  const applied = appliedSince(side.mirror, context.catalog, isoTime(context.clock.now()))
  const find = rowFinder(side.mirror, target)
  return (id: Values, set: Values): Values => {
    const row = find(id)
    if (!row) throw new MirrorError(`the mirror has no ${keyText(id)} in ${resource}`, { hint: 'pull and plan again' })
    const names = whole.filter((name) => !(name in set))
    return pick(currentValues(target, row, names, applied), names)
  }
}

/** What follows a created row gets its key; none while the row is not made. */
const withMade = (ledger: Ledger, write: Write): readonly Write[] => {
  const { awaits, set } = write
  if (!awaits) return [write]
  const made = ledger.made(awaits.change)
  return made ? [{ ...write, set: { ...set, [awaits.link]: made[awaits.key] ?? null } }] : []
}

/** Answers to what a row says, and not to whether it may be sent. */
const UNFIT: ReadonlySet<number> = new Set([400, 422])
/** Answer of a store whose plan allows no more of a thing: creating more is vain, changing what is there is not. */
const LIMIT_REACHED = 507
const FILE_KEPT = 'the store said yes and kept the file that it had; take it out there to have the new one sent'
const SAME_ROW = 'the store has another row that says all of this, and left this one as it was'
const FULL = 'not sent: the plan of the store allows no more of these'

/** What was read before a gap is read again before anything is written over it. */
const isOverdue = ({ pulse, readAt }: Sender): boolean => pulse.beat() !== readAt

const MOST_DELAYS = 3

/** How often a request that the store refuses for now was put off, told by the first of its changes. */
const countDelay = ({ delays }: Sender, [first]: readonly Write[]): number => {
  const change = first?.changes[0] ?? 0
  const count = (delays.get(change) ?? 0) + 1
  delays.set(change, count)
  return count
}

const putOff = ({ overdue }: Sender, rows: readonly Write[]): void => {
  overdue.push(rows.flatMap(({ changes }) => changes))
}

const isOpen = (state: Step['to']): boolean => !isTerminal(state) && state !== 'unknown'

const refused = async (
  writing: Writing,
  sender: Sender,
  batch: Batch,
  { error, status, rows: complaints }: Extract<Outcome, { kind: 'no' }>,
): Promise<void> => {
  const { ledger } = writing
  const { rows } = batch
  if (error instanceof AuthError || error instanceof ScopeError) {
    ledger.record(stepsOf(rows, 'approved', { status, reason: error.message }))
    sender.stopped = error
    return
  }
  const [only] = rows
  if (status === LIMIT_REACHED && only?.verb === 'create') {
    sender.full.add(batch.route)
    ledger.record(stepsOf(rows, 'failed', { status, reason: error.message }))
    return
  }
  if (rows.length === 1 && only) {
    const rest = UNFIT.has(status) ? withoutSent(writing.context.catalog, only, error.message) : undefined
    if (rest) return sendBatch(writing, sender, { ...batch, rows: [rest] })
    const gone = error instanceof NotFoundError && only.verb !== 'create'
    const done = stepsOf(rows, 'applied', { status, reason: 'was gone already' })
    if (gone && only.verb === 'delete') ledger.prove([], done)
    else if (gone) ledger.record(stepsOf(rows, 'skipped', { status, reason: 'gone from the store' }))
    else fail(writing, sender, stepsOf(rows, 'failed', { status, reason: error.message }))
    return
  }
  const good = rows.filter((_row, index) => !complaints.has(index))
  if (good.length && good.length < rows.length) {
    fail(
      writing,
      sender,
      rows.flatMap((row, index) => {
        const reason = complaints.get(index)
        return reason === undefined ? [] : stepsOf([row], 'failed', { status, reason })
      }),
    )
    return sendBatch(writing, sender, { ...batch, rows: good })
  }
  const middle = Math.ceil(rows.length / 2)
  await sendBatch(writing, sender, { ...batch, rows: rows.slice(0, middle) })
  await sendBatch(writing, sender, { ...batch, rows: rows.slice(middle) })
}

const fail = ({ ledger }: Writing, sender: Sender, steps: readonly Step[]): void => {
  ledger.record(steps)
  sender.breaker.failed(steps.length)
  sender.stopped ??= sender.breaker.tripped()
}

/** What the answer proves goes into the journal, the base and the mirror in one transaction. */
const accept = (
  writing: Writing,
  sender: Sender,
  { resource, route, rows }: Batch,
  outcome: Extract<Outcome, { kind: 'yes' | 'partial' }>,
): void => {
  const { ledger, side, context } = writing
  const written: Written[] = []
  const lost: Write[] = []
  const kept: Write[] = []
  const same: Write[] = []
  rows.forEach((write, index) => {
    const echo = outcome.echo === null ? null : echoOf({ resource, route, rows }, outcome.echo, write, index)
    if (echo === undefined && route.omits === 'same' && write.verb === 'update') {
      same.push(write)
      return
    }
    if (echo && isFileKept(side.mirror, resource, write, echo)) {
      kept.push(write)
      return
    }
    const saved = savedValues(resource, echo ?? {}, write.set)
    // A row that came to be is there, whatever side of it failed.
    const isThere = write.verb === 'create' || isAsSet(saved, write.set)
    const isProof = outcome.kind === 'yes' ? route.echo === 'none' || echo : echo && isThere
    if (isProof) written.push({ write, resource, echo: echo ?? null, saved, at: context.clock.now() })
    else lost.push(write)
  })
  side.mirror.atOnce(() => {
    keepWritten(writing, written)
    ledger.prove(
      written.flatMap((one) => provenBy(one, outcome.kind)),
      written.flatMap((one) => appliedBy(writing, one, outcome.status)),
    )
  })
  sender.breaker.applied(written.length)
  if (same.length) fail(writing, sender, stepsOf(same, 'failed', { status: outcome.status, reason: SAME_ROW }))
  if (kept.length) fail(writing, sender, stepsOf(kept, 'failed', { status: outcome.status, reason: FILE_KEPT }))
  if (lost.length) {
    suspect(writing, sender, lost, outcome.kind === 'partial' ? outcome.message : 'the answer does not hold the row')
  }
}

/** Nothing is agreed on about stock that did not come along, so that it is sent again. */
const provenBy = (
  { write, resource, echo, saved }: Written,
  kind: Extract<Outcome, { echo: unknown }>['kind'],
): readonly Proven[] => {
  const known = { ...write.id, ...write.set, ...echo } as Values
  const isNamed = write.verb === 'create' && resource.key.every((name) => name in known)
  const entity = isNamed ? { entity: pick(known, resource.key) } : {}
  const isLacking = (name: string): boolean =>
    kind === 'partial' && resource.fields[name]?.role === 'stock' && !sameValue(saved[name], write.set[name])
  return write.parts
    .filter(({ name }) => !isLacking(name))
    .map(({ change, field, name }) => ({ change, field, value: saved[name] ?? null, ...entity }))
}

const appliedBy = ({ ledger }: Writing, { write, saved }: Written, status: number): readonly Step[] => {
  const altered = write.parts.filter(({ name }) => !sameValue(saved[name], write.set[name]))
  return write.changes
    .filter((change) => ledger.partDone(change))
    .map((change) => {
      const own = altered.filter((part) => part.change === change)
      const evidence: Values = {
        status,
        ...(write.lacks === undefined ? {} : { reason: write.lacks }),
        ...(own.length && {
          reason: `the store altered ${own.map(({ name }) => name).join(', ')}`,
          saved: Object.fromEntries(own.map(({ field, name }) => [field, saved[name] ?? null])),
        }),
      }
      return { change, to: 'applied' as const, evidence }
    })
}

const suspect = ({ context, ledger }: Writing, sender: Sender, rows: readonly Write[], reason: string): void => {
  ledger.record(stepsOf(rows, 'unknown', { reason }))
  const at = context.clock.now()
  for (const write of rows) sender.unknown.push({ write, at })
}

const stepsOf = (rows: readonly Write[], to: Step['to'], evidence: Values): readonly Step[] =>
  [...new Set(rows.flatMap(({ changes }) => changes))].map((change) => ({ change, to, evidence }))
