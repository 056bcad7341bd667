import type { Batch, Write } from '../diff/index.ts'
import {
  AuthError,
  type Body,
  canonical,
  NotFoundError,
  type Resource,
  routeName,
  ScopeError,
  type SkiffError,
  sameValue,
  type Value,
  type Values,
} from '../model/index.ts'
import type { Outcome } from '../store/index.ts'
import type { Context, StoreSide } from './context.ts'
import { isTerminal, type Ledger, type Step } from './ledger.ts'

/** What became of one written row, for the base and the mirror. */
export interface Written {
  readonly write: Write
  readonly resource: Resource
  /** The row as the store echoed it; null where the route echoes nothing. */
  readonly echo: Body | null
  /** What was set, as the store saved it. */
  readonly saved: Values
  readonly at: number
}

/** Rows whose outcome nobody knows yet. */
export interface Unknown {
  readonly write: Write
  readonly resource: Resource
  readonly batch: Batch
  readonly at: number
  readonly reason: string
}

export interface Sender {
  readonly written: Written[]
  readonly unknown: Unknown[]
  /** Why the push cannot go on, once that is so. */
  stopped: SkiffError | null
}

/**
 * Sends one batch: intent first, then the request, then what the answer proves. A refused batch is split until the bad row is
 * known; the others go through.
 */
export const sendBatch = async (
  context: Context,
  side: StoreSide,
  ledger: Ledger,
  sender: Sender,
  whole: Batch,
): Promise<void> => {
  if (sender.stopped || context.signal.aborted) return
  const rows = whole.rows.filter(({ changes }) => changes.some((change) => !isTerminal(ledger.state(change))))
  if (!rows.length) return
  const batch = { ...whole, rows }
  const endpoint = routeName(batch.route)
  ledger.record(changesOf(batch).map((change) => ({ change, to: 'intent', evidence: { endpoint } })))
  const outcome = await side.store.send(
    batch.resource,
    batch.route,
    batch.rows.map(({ id, set }) => ({ id, set })),
  )
  const at = context.clock.now()
  switch (outcome.kind) {
    case 'yes':
    case 'partial':
      return settle(ledger, sender, batch, outcome, at)
    case 'unknown':
      return suspect(ledger, sender, batch, rows, outcome.error.message, at)
    case 'not-sent':
      ledger.record(
        changesOf(batch).map((change) => ({ change, to: 'approved', evidence: { reason: outcome.error.message } })),
      )
      sender.stopped = outcome.error
      return
    case 'no':
      return refused(context, side, ledger, sender, batch, outcome)
  }
}

const refused = async (
  context: Context,
  side: StoreSide,
  ledger: Ledger,
  sender: Sender,
  batch: Batch,
  outcome: Extract<Outcome, { kind: 'no' }>,
): Promise<void> => {
  const { error, status } = outcome
  if (error instanceof AuthError || error instanceof ScopeError) {
    ledger.record(
      changesOf(batch).map((change) => ({ change, to: 'approved', evidence: { status, reason: error.message } })),
    )
    sender.stopped = error
    return
  }
  const [only] = batch.rows
  if (batch.rows.length === 1 && only) {
    const gone = error instanceof NotFoundError && only.verb !== 'create'
    const done = gone && only.verb === 'delete'
    const to = done ? 'applied' : gone ? 'skipped' : 'failed'
    const reason = gone ? 'gone from the store' : error.message
    ledger.record(only.changes.map((change) => ({ change, to, evidence: { status, reason } })))
    return
  }
  const named = batch.rows.filter((_row, index) => outcome.rows.has(index))
  const good = batch.rows.filter((_row, index) => !outcome.rows.has(index))
  if (named.length && good.length) {
    batch.rows.forEach((row, index) => {
      const reason = outcome.rows.get(index)
      if (reason !== undefined)
        ledger.record(row.changes.map((change) => ({ change, to: 'failed', evidence: { status, reason } })))
    })
    return sendBatch(context, side, ledger, sender, { ...batch, rows: good })
  }
  const middle = Math.ceil(batch.rows.length / 2)
  await sendBatch(context, side, ledger, sender, { ...batch, rows: batch.rows.slice(0, middle) })
  await sendBatch(context, side, ledger, sender, { ...batch, rows: batch.rows.slice(middle) })
}

const settle = (
  ledger: Ledger,
  sender: Sender,
  batch: Batch,
  outcome: Extract<Outcome, { kind: 'yes' | 'partial' }>,
  at: number,
): void => {
  const { resource, route, rows } = batch
  const steps: Step[] = []
  const lost: Write[] = []
  rows.forEach((write, index) => {
    const echo = outcome.echo === null ? null : echoOf(resource, outcome.echo, write, index, rows.length)
    const doubtful =
      echo === undefined || (outcome.kind === 'partial' && !(echo && holdsAll(resource, echo, write.set)))
    if (doubtful && route.echo !== 'none') {
      lost.push(write)
      return
    }
    const saved = savedValues(resource, echo ?? {}, write.set)
    sender.written.push({ write, resource, echo: echo ?? null, saved, at })
    const altered = Object.keys(saved).filter((name) => !sameValue(saved[name], write.set[name]))
    const evidence: Values = {
      status: outcome.status,
      ...(altered.length ? { reason: `the store altered ${altered.join(', ')}` } : {}),
    }
    for (const change of write.changes) if (ledger.partDone(change)) steps.push({ change, to: 'applied', evidence })
  })
  ledger.record(steps)
  const reason = outcome.kind === 'partial' ? outcome.message : 'the answer does not hold the row'
  if (lost.length) suspect(ledger, sender, batch, lost, reason, at)
}

const suspect = (
  ledger: Ledger,
  sender: Sender,
  batch: Batch,
  rows: readonly Write[],
  reason: string,
  at: number,
): void => {
  ledger.record(unique(rows).map((change) => ({ change, to: 'unknown', evidence: { reason } })))
  for (const write of rows) sender.unknown.push({ write, resource: batch.resource, batch, at, reason })
}

/** The echoed row of a write: by its key, or by its place where a create has none yet; undefined when it is not there. */
const echoOf = (
  resource: Resource,
  echo: readonly Body[],
  write: Write,
  index: number,
  count: number,
): Body | undefined => {
  if (write.verb === 'create') return echo.length === count ? echo[index] : undefined
  const names = resource.key.filter((name) => name in write.id)
  return echo.find((body) => names.every((name) => sameValue((body[name] ?? null) as Value, write.id[name] ?? null)))
}

const holdsAll = (resource: Resource, echo: Body, set: Values): boolean => {
  const saved = savedValues(resource, echo, set)
  return Object.entries(set).every(([name, value]) => sameValue(saved[name], value))
}

/** What was set, as the echo shows it: the store may have rounded, clamped or sanitised it. */
const savedValues = (resource: Resource, echo: Body, set: Values): Values =>
  Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      const field = resource.fields[name]
      const at = field?.at ?? name
      if (!field || !(at in echo)) return [name, value]
      try {
        return [name, canonical(field, echo[at])]
      } catch {
        // A value that has not even the promised type is not the one that was sent.
        return [name, String(echo[at])]
      }
    }),
  )

const unique = (rows: readonly Write[]): readonly number[] => [...new Set(rows.flatMap(({ changes }) => changes))]

const changesOf = ({ rows }: Batch): readonly number[] => unique(rows)
