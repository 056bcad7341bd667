import { type ChangeState, MirrorError, stableJson, type Values } from '../model/index.ts'
import { anchorOf, chained, entryOf, firstBroken } from './chain.ts'
import { type Control, tables as sql } from './control.ts'

export interface Journal {
  /**
   * Writes the steps and the changes' states in one durable transaction, before it returns. A string `reason` in the
   * evidence becomes the change's reason.
   * @throws {MirrorError} when a change is not in the state that its entry starts from, or has ended.
   */
  journal(entries: readonly JournalEntry[]): void
  changeStates(plan: string): ReadonlyMap<number, { readonly state: ChangeState; readonly reason: string | null }>
  journalOf(plan: string, change?: number): readonly JournalEntry[]
  /** The first entry (its number) that was altered after it was written; null when the journal is whole. */
  brokenJournal(): number | null
  /** The newest step that was dropped because of its age, UTC ISO-8601; null when none was. */
  prunedUntil(): string | null
  /** Changes of any plan that are left in `intent` or `unknown`. */
  openChanges(): readonly { readonly plan: string; readonly change: number; readonly state: ChangeState }[]
  /** Changes that a run began to send, each once. */
  sentIn(run: string): readonly { readonly plan: string; readonly change: number }[]
}

/** One step of a change, never altered afterwards. */
export interface JournalEntry {
  readonly plan: string
  readonly change: number
  readonly run: string
  readonly at: string
  readonly from: ChangeState
  readonly to: ChangeState
  /** HTTP status, reason, what the store echoed: whatever proves the step. */
  readonly evidence: Values
}

/**
 * The durable record of each change's steps. An entry and the state it leads to are one transaction; entries are only ever
 * added and each carries the hash of the one before it, so that a later alteration shows.
 */
export const journalOf = (control: Control): Journal => {
  const { db, epoch } = control
  const last = db.prepare('SELECT sha FROM sync_journal ORDER BY seq DESC LIMIT 1').pluck()
  const add = db.prepare(
    `INSERT INTO sync_journal (plan, change, run, at, from_state, to_state, evidence, prev_sha, sha, epoch)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const move = db.prepare('UPDATE sync_change SET state = ?, reason = ? WHERE plan = ? AND change = ? AND state = ?')
  const state = db.prepare('SELECT state FROM sync_change WHERE plan = ? AND change = ?').pluck()

  return {
    journal: (entries) =>
      control.atOnce(() => {
        let previous = (last.get() as string | undefined) ?? anchorOf(db).sha
        for (const entry of entries) {
          const { plan, change, run, at, from, to, evidence } = entry
          const { reason } = evidence
          const moved =
            allowed(from, to) && move.run(to, typeof reason === 'string' ? reason : null, plan, change, from)
          if (!moved || moved.changes === 0) throw outOfStep(entry, state.get(plan, change))
          const sha = chained(previous, entry, epoch)
          add.run(plan, change, run, at, from, to, stableJson(evidence), previous, sha, epoch)
          previous = sha
        }
      }),

    journalOf: (plan, change) => {
      const query = sql.selectFrom('sync_journal').selectAll().where('plan', '=', plan).orderBy('seq')
      return control.all(change === undefined ? query : query.where('change', '=', change)).map(entryOf)
    },

    brokenJournal: () => firstBroken(db),

    prunedUntil: () => anchorOf(db).at,

    changeStates: (plan) =>
      new Map(
        control
          .all(sql.selectFrom('sync_change').selectAll().where('plan', '=', plan).orderBy('change'))
          .map(({ change, state: now, reason }) => [change, { state: now as ChangeState, reason }]),
      ),

    sentIn: (run) =>
      control.all(
        sql
          .selectFrom('sync_journal')
          .select(['plan', 'change'])
          .distinct()
          .where('run', '=', run)
          .where('to_state', '=', 'intent')
          .orderBy('change'),
      ),

    openChanges: () =>
      control
        .all(
          sql
            .selectFrom('sync_change')
            .select(['plan', 'change', 'state'])
            .where('state', 'in', ['intent', 'unknown'])
            .orderBy('plan')
            .orderBy('change'),
        )
        .map((row) => ({ ...row, state: row.state as ChangeState })),
  }
}

const ENDED: ReadonlySet<ChangeState> = new Set(['applied', 'skipped', 'failed'])

const allowed = (from: ChangeState, to: ChangeState): boolean => !ENDED.has(from) && to !== 'planned'

const outOfStep = ({ plan, change, from, to }: JournalEntry, state: unknown): MirrorError =>
  new MirrorError(
    state === undefined
      ? `plan ${plan} has no change ${change}`
      : `change ${change} of plan ${plan} is ${state} and cannot go from ${from} to ${to}`,
    { hint: 'another run moved it on; plan again' },
  )
