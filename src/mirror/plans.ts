import { MirrorError, type Plan } from '../model/index.ts'
import { type Control, tables as sql } from './control.ts'

export interface Plans {
  /** Next free id: p1, p2... */
  nextPlanId(): string
  /** Older plans of the sync that nobody has begun to push are superseded by it. */
  savePlan(plan: Plan, state: StoredPlan['state']): void
  setPlanState(plan: string, state: StoredPlan['state']): void
  plan(id: string): StoredPlan | undefined
  plans(limit: number): readonly StoredPlan[]
  /** Plans of a sync, newest first. */
  plansOf(sync: string): Iterable<StoredPlan>
  /** Whether a plan of the sync that was made after a moment had nothing to change, or was begun to be carried out. */
  wasSettledAfter(sync: string, at: string): boolean
  /** Whether any plan of the sync was ever carried out, or begun to be. */
  wasPushed(sync: string): boolean
  /** Whether any change of the sync was ever applied. */
  wasCarriedOut(sync: string): boolean
  /** Why the sync's newest plan of its own waits for a person, where nobody has begun to push it; null where none waits. */
  openWait(sync: string): string | null
}

export interface StoredPlan {
  readonly plan: Plan
  readonly state: 'open' | 'approved' | 'pushed' | 'superseded' | 'blocked'
}

/**
 * Plans, each kept whole as it was made, with a row for the state of every change. A new one takes the place of those of its
 * sync that nobody has begun to push.
 */
export const plansOf = (control: Control): Plans => {
  const addChange = control.db.prepare('INSERT INTO sync_change (plan, change) VALUES (?, ?)')
  const settled = control.db.prepare(
    `SELECT plan FROM sync_plan WHERE sync = ? AND created > ? AND ${IS_SETTLED} LIMIT 1`,
  )
  const applied = control.db.prepare(
    `SELECT 1 FROM sync_plan WHERE sync = ?
       AND EXISTS (SELECT 1 FROM sync_change WHERE sync_change.plan = sync_plan.plan AND state = 'applied') LIMIT 1`,
  )
  const newest = control.db
    .prepare(
      `SELECT iif(${IS_SETTLED}, NULL, json_extract(body, '$.waits')) FROM sync_plan
         WHERE sync = ? AND json_extract(body, '$.origin') IS NULL ORDER BY number DESC LIMIT 1`,
    )
    .pluck()
  const nextNumber = (): number => {
    const last = control.first(sql.selectFrom('sync_plan').select(({ fn }) => fn.max('number').as('number')))
    return (last?.number ?? 0) + 1
  }
  return {
    nextPlanId: () => `p${nextNumber()}`,

    savePlan: (plan, state) =>
      control.atOnce(() => {
        const { plan: id, sync, hash, created, expires, changes } = plan
        if (control.first(sql.selectFrom('sync_plan').select('plan').where('plan', '=', id))) {
          throw new MirrorError(`there is already a plan ${id}`, { hint: 'plan again' })
        }
        control.run(
          sql
            .updateTable('sync_plan')
            .set({ state: 'superseded' })
            .where('sync', '=', sync)
            .where('state', 'in', ['open', 'blocked']),
        )
        control.run(
          sql.insertInto('sync_plan').values({
            number: nextNumber(),
            plan: id,
            sync,
            hash,
            created,
            expires,
            state,
            body: JSON.stringify(plan),
          }),
        )
        for (const change of changes) addChange.run(id, change.id)
      }),

    setPlanState: (plan, state) => {
      if (control.run(sql.updateTable('sync_plan').set({ state }).where('plan', '=', plan)) > 0) return
      throw new MirrorError(`there is no plan ${plan}`, { hint: '`skiff plans` lists them' })
    },

    plan: (id) => {
      const found = control.first(sql.selectFrom('sync_plan').select(['state', 'body']).where('plan', '=', id))
      return found && storedPlan(found)
    },

    wasPushed: (sync) =>
      control.first(
        sql
          .selectFrom('sync_plan')
          .select('plan')
          .where('sync', '=', sync)
          .where('state', 'in', ['approved', 'pushed'])
          .limit(1),
      ) !== undefined,

    wasSettledAfter: (sync, at) => settled.get(sync, at) !== undefined,

    wasCarriedOut: (sync) => applied.get(sync) !== undefined,

    openWait: (sync) => (newest.get(sync) as string | null | undefined) ?? null,

    plansOf: function* (sync) {
      for (let before = Number.MAX_SAFE_INTEGER; ; ) {
        const found = control.first(
          sql
            .selectFrom('sync_plan')
            .select(['number', 'state', 'body'])
            .where('sync', '=', sync)
            .where('number', '<', before)
            .orderBy('number', 'desc')
            .limit(1),
        )
        if (!found) return
        yield storedPlan(found)
        before = found.number
      }
    },

    plans: (limit) =>
      control
        .all(sql.selectFrom('sync_plan').select(['state', 'body']).orderBy('number', 'desc').limit(limit))
        .map(storedPlan),
  }
}

/** It had nothing to change, or somebody has begun to push it. */
const IS_SETTLED = "(state IN ('approved', 'pushed') OR json_array_length(body, '$.changes') = 0)"

const storedPlan = ({ state, body }: { state: string; body: string }): StoredPlan => ({
  state: state as StoredPlan['state'],
  plan: JSON.parse(body) as Plan,
})
