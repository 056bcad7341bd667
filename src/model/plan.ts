import type { Nested, Rejection } from './source.ts'
import type { GuardName, Owner } from './sync.ts'
import type { Value, Values } from './value.ts'

/** Everything that can happen to a key, with the sign that people see. */
export const SIGN = { create: '+', update: '~', remove: '-', hide: '-', 'write-back': '<', conflict: '!' } as const
export type Action = keyof typeof SIGN

export interface FieldChange {
  readonly field: string
  /** What the written side holds now; canonical. */
  readonly from: Value
  readonly to: Value
  /** What both sides last agreed on; `null` at first contact. */
  readonly base: Value
  readonly owner: Owner
  /** The store moved away from the base and is put right. */
  readonly drift?: true
  /** What the side that is not written holds, where that is not the new value: a person's decision stands until that side moves. */
  readonly other?: Value
  /** The conflict that a person decided this way, such as `c3`. */
  readonly resolves?: string
  /** A stock figure was true at this moment, UTC ISO-8601. */
  readonly asOf?: string
  /** Why the store's stock may have moved since then. */
  readonly moved?: string
  /** Remark for people, such as "breaks inheritance". */
  readonly note?: string
}

/** One row of a plan. */
export interface Change {
  /** From 1, in the order of the plan. */
  readonly id: number
  readonly action: Action
  readonly side: 'store' | 'source'
  readonly resource: string
  readonly key: Values
  readonly fields: readonly FieldChange[]
  /** Store keys of the row by field name (`product_id`, `variant_id`, or the resource's own key); empty for a create. */
  readonly entity: Values
  /** For people, such as the product's name. */
  readonly label: string | null
  /** Line of the source row. */
  readonly line: number | null
  /** The highest of the row's own limits below which a price is a loss or forbidden: its cost, its minimum advertised price. */
  readonly floor?: { readonly field: string; readonly value: string }
  /** What buyers pay for the row now, where a price is set that was not set before. */
  readonly paid?: string
  /** Of a create: rows that are made with it, in the same request. */
  readonly nested?: Nested
  /** Of a create: rows that are made once it is there. It counts as applied when they are made too. */
  readonly follow?: Nested
  /** Of a create: key of the row of another store that the new one stands for. */
  readonly standsFor?: string
  /** The source has no such row and gets one. */
  readonly adds?: true
  /** Once it is done, nothing is agreed on the row any more: a removal that was undone is not to be repeated. */
  readonly forget?: true
}

/** A row that a guard keeps back. */
export interface Held extends Change {
  readonly guard: GuardName
  readonly reason: string
}

export interface Verdict {
  readonly guard: GuardName
  /** `warn` blocks nothing and is worth a look. */
  readonly verdict: 'ok' | 'warn' | 'held' | 'blocked' | 'off' | 'allowed'
  /** A sentence with the figure that decided. */
  readonly detail: string
  /** How to let it pass, on `held` and `blocked`: what a row guard held, only a new plan can bring in. */
  readonly allow?: string
}

/** Counts of keys, not of fields. */
export interface Summary {
  readonly create: number
  readonly update: number
  readonly remove: number
  readonly writeBack: number
  readonly conflict: number
  readonly held: number
  readonly rejected: number
  readonly unchanged: number
}

export interface Cost {
  /** Requests that write. */
  readonly requests: number
  /** At the store's quota, as last seen. */
  readonly seconds: number
  readonly endpoints: readonly { readonly endpoint: string; readonly requests: number; readonly rows: number }[]
}

/** What a plan was made from; a push refuses when any of it is no longer so. */
export interface Binding {
  /** Hash of the sync's and the store's sections of the config. */
  readonly config: string
  /** Identity of the mirror's store: hash, id, currency. */
  readonly lineage: string
  /** Hash of the source's bytes. */
  readonly snapshot: string
  /** Number of the last pull. */
  readonly pull: number
  /** Version of Skiff. */
  readonly tool: string
}

/** Counts that the guards weigh the changes against. */
export interface Facts {
  /** Store rows that the sync is responsible for. */
  readonly owned: number
  /** Rows of the store, those outside the filter included. */
  readonly storeRows: number
  /** Keys that both sides hold. */
  readonly matched: number
  /** Matched keys whose stock is above zero. */
  readonly inStock: number
  /** Why the mirror's store is not the one that answers; null when it is. */
  readonly identity: string | null
  /** Null where the plan is made from no source, such as an undo. */
  readonly source: SourceFacts | null
}

/** What the guards know of the source that a plan is made from. */
export interface SourceFacts {
  /** Lines, and those of them whose cells cannot be read as what they should be. */
  readonly lines: number
  readonly unreadable: number
  /** Keys that it names, also in rows that were rejected; those outside the filter are left out. */
  readonly rows: number
  /** How many of them the store has. */
  readonly known: number
  /** Keys of the base that it still names, and all of them; those outside the filter are left out. */
  readonly baseKept: number
  readonly baseKeys: number
  /** `rows` of the last accepted snapshot; null when there was none. */
  readonly lastRows: number | null
  readonly creates: boolean
  /** Its rows are parts of others or named by them, which may have none. */
  readonly mayBeEmpty?: true
  /** How old it is, ms; null where it does not tell. */
  readonly ageMs: number | null
  /** Keys that must be there, each with what is wrong with it; null when nothing is. */
  readonly sentinels: readonly { readonly key: string; readonly fault: string | null }[]
  /** By column, of this snapshot and of the last accepted one. */
  readonly columns: Readonly<Record<string, ColumnShape>>
  readonly lastColumns: Readonly<Record<string, ColumnShape>> | null
  /** How old its stock figures are; absent where it has none, or does not tell. */
  readonly stock?: StockFacts
  /** Only rows changed since this watermark were read, so nothing is said of the others. */
  readonly since?: string
}

/** Moments at which stock figures were true, UTC ISO-8601. */
export interface StockFacts {
  readonly oldest: string
  readonly newest: string
  /** Line of the oldest; null where all rows have the file's time. */
  readonly line: number | null
  /** Rows from whose figure the orders since were subtracted, and the pieces. */
  readonly reduced: number
  readonly taken: number
  /** Rows of which nobody can say whether their stock moved since: the store was first read after that. */
  readonly unknown: number
}

/** What a column looks like in a sample of the rows, the same rows each time as far as they are still there. */
export interface ColumnShape {
  readonly rows: number
  /** Cells that say nothing. */
  readonly blanks: number
  readonly distinct: number
  readonly numbers: number
  /** Numbers without a fraction. */
  readonly whole: number
  /** Of the numbers; null when there is none. */
  readonly median: number | null
}

/** What would change, why, on which side and at what cost. Stored, printed, exported; only its rows are ever written. */
export interface Plan {
  readonly plan: string
  readonly sync: string
  readonly store: string
  /** Over everything but `plan`, `hash` and `state`. */
  readonly hash: string
  readonly created: string
  readonly expires: string
  readonly binding: Binding
  readonly summary: Summary
  /** Keys that the source and the store both hold. */
  readonly matched: number
  /** Rows without a base: the first time that both sides meet. */
  readonly firstContact: number
  readonly cost: Cost
  readonly guards: readonly Verdict[]
  /** What the guards weighed the changes against; a push weighs the surviving rows against the same. */
  readonly facts: Facts
  /** Guards that were let pass or moved, as written after `--allow`; a push goes by the same. */
  readonly allowed: readonly string[]
  /** Made for a run that nobody looks at first. */
  readonly automatic: boolean
  /** What it was made for, where that is not the source's word: `undo r12`, `resolve c3 c4`. */
  readonly origin?: string
  /** Why a person has to look at it first, whatever approves by itself otherwise. */
  readonly waits?: string
  readonly notes: readonly string[]
  readonly changes: readonly Change[]
  readonly held: readonly Held[]
  readonly rejected: readonly Rejection[]
}

/** A plan is blocked when a guard says so; its rows are then not to be pushed. */
export const blockedBy = (plan: Pick<Plan, 'guards'>): readonly Verdict[] =>
  plan.guards.filter(({ verdict }) => verdict === 'blocked')

/** Changes that a push would send. */
export const pushable = (plan: Pick<Plan, 'changes'>): readonly Change[] =>
  plan.changes.filter(({ action }) => action !== 'conflict')
