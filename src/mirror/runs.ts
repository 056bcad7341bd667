import { sql as raw } from 'kysely'
import { MirrorError, type RunState } from '../model/index.ts'
import { type Control, tables as sql } from './control.ts'

export interface Runs {
  /** Null before the first link. */
  lineage(): Lineage | null
  link(lineage: Lineage, at: string): void
  nextRunId(): string
  saveRun(run: RunRecord): void
  runs(limit: number): readonly RunRecord[]
  /** Runs under way; while we hold the store's lock, those whose process was killed. */
  unfinishedRuns(): readonly RunRecord[]
  /** Runs of a sync, and pushes of its plans, newest first. */
  runsOf(sync: string, limit: number): readonly RunRecord[]
  run(id: string): RunRecord | undefined
  /** When a copy was last put in its place, UTC ISO-8601; null when none was. */
  restoredAt(): string | null
}

/** What tells one store from another; a mirror belongs to one of them for ever. */
export interface Lineage {
  readonly hash: string
  readonly domain: string
  readonly currency: string
}

export interface RunRecord {
  readonly run: string
  readonly verb: string
  readonly what: string
  readonly started: string
  readonly finished: string | null
  readonly state: RunState | 'running'
  readonly exit: number | null
  /** The report as the verb printed it. */
  readonly report: unknown
}

/** Whose mirror it is, and what was done with it. */
export const runsOf = (control: Control): Runs => {
  const lineage = () =>
    control.first(sql.selectFrom('sync_store').select(['hash', 'domain', 'currency']).where('id', '=', 1)) ?? null
  const nextNumber = (): number => {
    const last = control.first(sql.selectFrom('sync_run').select(({ fn }) => fn.max('number').as('number')))
    return (last?.number ?? 0) + 1
  }
  return {
    lineage,

    link: ({ hash, domain, currency }, at) =>
      control.atOnce(() => {
        const known = lineage()
        if (known && (known.hash !== hash || known.currency !== currency)) {
          throw new MirrorError(
            `the mirror belongs to store ${known.hash} in ${known.currency}, not to ${hash} in ${currency}`,
            { where: control.db.name, hint: 'give the other store a mirror of its own, or move this file away' },
          )
        }
        control.run(
          sql
            .insertInto('sync_store')
            .values({ id: 1, hash, domain, currency, linked_at: at })
            .onConflict((conflict) => conflict.column('id').doUpdateSet({ domain })),
        )
      }),

    nextRunId: () => `r${nextNumber()}`,

    saveRun: ({ run, verb, what, started, finished, state, exit, report }) => {
      const now = { finished, state, exit, report: report == null ? null : JSON.stringify(report) }
      control.atOnce(() => {
        control.run(
          sql
            .insertInto('sync_run')
            .values({ number: nextNumber(), run, verb, what, started, ...now })
            .onConflict((conflict) => conflict.column('run').doUpdateSet(now)),
        )
      })
    },

    runs: (limit) =>
      control.all(sql.selectFrom('sync_run').selectAll().orderBy('number', 'desc').limit(limit)).map(recordOf),

    unfinishedRuns: () =>
      control.all(sql.selectFrom('sync_run').selectAll().where(raw<boolean>`state = 'running'`)).map(recordOf),

    runsOf: (sync, limit) => {
      const plans = sql.selectFrom('sync_plan').select('plan').where('sync', '=', sync)
      const query = sql
        .selectFrom('sync_run')
        .selectAll()
        .where(({ or, and, eb }) =>
          or([
            and([eb('verb', '=', 'sync'), eb('what', '=', sync)]),
            and([eb('verb', '=', 'push'), eb('what', 'in', plans)]),
          ]),
        )
      return control.all(query.orderBy('number', 'desc').limit(limit)).map(recordOf)
    },

    run: (id) => {
      const found = control.first(sql.selectFrom('sync_run').selectAll().where('run', '=', id))
      return found && recordOf(found)
    },

    restoredAt: () => {
      const restores = sql.selectFrom('sync_run').select(({ fn }) => fn.max('started').as('at'))
      return control.first(restores.where('verb', '=', 'restore'))?.at ?? null
    },
  }
}

const recordOf = ({
  run,
  verb,
  what,
  started,
  finished,
  state,
  exit,
  report,
}: Omit<RunRecord, 'state' | 'report'> & { state: string; report: string | null }): RunRecord => ({
  run,
  verb,
  what,
  started,
  finished,
  state: state as RunRecord['state'],
  exit,
  report: report === null ? null : JSON.parse(report),
})
