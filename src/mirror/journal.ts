import { type ChangeState, MirrorError, stableJson } from '../model/index.ts'
import { anchorOf, chained, entryOf, firstBroken } from './chain.ts'
import { type Control, tables as sql } from './control.ts'
import type { JournalEntry, Mirror } from './types.ts'

type Journal = Pick<
  Mirror,
  'journal' | 'journalOf' | 'sentIn' | 'brokenJournal' | 'prunedUntil' | 'changeStates' | 'openChanges'
>

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
