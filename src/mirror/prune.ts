import { isoTime } from '../model/index.ts'
import type { Control } from './control.ts'
import { forgetMoved } from './familiar.ts'

export interface Pruning {
  /** Drops what is older than it is to be kept; what is open, or needed by what is kept, stays. Returns how many rows went. */
  prune(retention: Retention, now: number): number
}

/** For how many days each kind of history is kept; null for ever. */
export interface Retention {
  readonly changeLog: number | null
  readonly journal: number | null
  readonly plans: number | null
  /** Runs, and pulls with them. */
  readonly runs: number | null
  readonly snapshots: number | null
  /** Settled ones. */
  readonly conflicts: number | null
}

/**
 * Drops history by its age. Of the journal only a beginning goes, whole runs of it and never an open change, and its last entry
 * becomes the anchor that the chain goes on from. A plan goes when the journal knows nothing of it any more, but never the newest
 * of a sync, nor the newest that was pushed.
 */
export const pruningOf = (control: Control): Pruning => ({
  prune: (retention, now) =>
    control.atOnce(() => {
      const before = (days: number | null) => (days === null ? null : isoTime(now - days * DAY_MS))
      let gone = 0
      for (const [kind, drop] of DROPS) {
        const limit = before(retention[kind])
        if (limit !== null) gone += drop(control, limit)
      }
      forgetMoved(control.db)
      return gone
    }),
})

const DAY_MS = 24 * 3_600_000

type Drop = (control: Control, limit: string) => number

const statement =
  (sql: string): Drop =>
  ({ db }, limit) =>
    db.prepare(sql).run({ limit }).changes

// Numbers grow with time, so what is old is a beginning and no search is needed to find its end.
const dropLog = statement(
  `DELETE FROM sync_change_log WHERE seq < coalesce(
     (SELECT seq FROM sync_change_log WHERE at >= :limit ORDER BY seq LIMIT 1), (SELECT max(seq) FROM sync_change_log) + 1)`,
)

const dropSnapshots = statement(
  `DELETE FROM sync_snapshot WHERE at < :limit
     AND id NOT IN (SELECT max(id) FROM sync_snapshot WHERE accepted = 1 GROUP BY sync)`,
)

const dropConflicts = statement('DELETE FROM sync_conflict WHERE settled < :limit')

const dropJournal: Drop = ({ db }, limit) => {
  const kept = db
    .prepare(
      `SELECT seq, run FROM sync_journal AS entry WHERE at >= :limit OR EXISTS (
         SELECT 1 FROM sync_change AS held WHERE held.plan = entry.plan AND held.change = entry.change
           AND held.state IN ('intent', 'unknown'))
       ORDER BY seq LIMIT 1`,
    )
    .get({ limit }) as { seq: number; run: string } | undefined
  // A run is undone as a whole, so it stays as a whole.
  const end = kept && db.prepare('SELECT min(seq) FROM sync_journal WHERE seq <= :seq AND run = :run').pluck().get(kept)
  const last = db
    .prepare('SELECT seq, sha, at FROM sync_journal WHERE :end IS NULL OR seq < :end ORDER BY seq DESC LIMIT 1')
    .get({ end: end ?? null }) as { seq: number; sha: string; at: string } | undefined
  if (!last) return 0
  db.prepare(
    `INSERT INTO sync_journal_anchor (id, seq, sha, at) VALUES (1, :seq, :sha, :at)
     ON CONFLICT DO UPDATE SET seq = excluded.seq, sha = excluded.sha, at = excluded.at`,
  ).run(last)
  return db.prepare('DELETE FROM sync_journal WHERE seq <= ?').run(last.seq).changes
}

const dropPlans: Drop = ({ db }, limit) => {
  const old = db
    .prepare(
      `SELECT plan FROM sync_plan WHERE created < :limit
         AND number NOT IN (SELECT max(number) FROM sync_plan GROUP BY sync)
         AND number NOT IN (SELECT max(number) FROM sync_plan WHERE state IN ('approved', 'pushed') GROUP BY sync)
         AND NOT EXISTS (SELECT 1 FROM sync_journal WHERE sync_journal.plan = sync_plan.plan)
         AND NOT EXISTS (SELECT 1 FROM sync_change WHERE sync_change.plan = sync_plan.plan AND state IN ('intent', 'unknown'))`,
    )
    .pluck()
    .all({ limit }) as string[]
  const changes = db.prepare('DELETE FROM sync_change WHERE plan = ?')
  const plan = db.prepare('DELETE FROM sync_plan WHERE plan = ?')
  for (const id of old) {
    changes.run(id)
    plan.run(id)
  }
  return old.length
}

/** The newest run stays: the next one's number follows from it. */
const dropRuns: Drop = ({ db }, limit) => {
  const runs = db
    .prepare(
      `DELETE FROM sync_run WHERE started < :limit AND number < (SELECT max(number) FROM sync_run)
         AND number < coalesce((SELECT number FROM sync_run WHERE run =
           (SELECT run FROM sync_journal ORDER BY seq LIMIT 1)), number + 1)`,
    )
    .run({ limit }).changes
  db.prepare(
    `DELETE FROM sync_pull WHERE finished < :limit AND pull NOT IN (SELECT pull FROM sync_freshness)
       AND pull < (SELECT max(pull) FROM sync_pull)`,
  ).run({ limit })
  return runs
}

/** The journal first: what it forgets need not be kept for it. */
const DROPS = [
  ['changeLog', dropLog],
  ['journal', dropJournal],
  ['plans', dropPlans],
  ['runs', dropRuns],
  ['snapshots', dropSnapshots],
  ['conflicts', dropConflicts],
] as const
