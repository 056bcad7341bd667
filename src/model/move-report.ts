import type { ErrorReport, Refusal, Requests, RunReport } from './report.ts'
import type { Value } from './value.ts'

/** Names of a row in both stores, several key fields joined by a tab; null where it has none. */
export interface KeyPair {
  readonly old: string | null
  readonly new: string | null
}

/** How the rows of one resource stand in the two stores of a migration. */
export interface ResourceMatch {
  readonly resource: string
  readonly old: number
  readonly new: number
  /** Rows of the old store that have one that stands for them. */
  readonly linked: number
  /** Of those: made by the migration, alone or inside another row, and recognised. */
  readonly created: number
  readonly adopted: number
  readonly onlyOld: number
  readonly onlyNew: number
  /** Values that were compared. */
  readonly compared: number
  /** Values, and whole rows, that are not the same. */
  readonly differs: number
  /** Values that are not the same, as both stores agreed they may. */
  readonly agreed: number
}

/** A value that the two stores do not share; without a field, a whole row. */
export interface StoreDifference {
  readonly resource: string
  readonly key: KeyPair
  readonly label: string | null
  readonly field: string | null
  /** What the old store says, with references to the new store's rows. */
  readonly old: Value
  readonly new: Value
  readonly why: string
}

/** What a picture is, or why nobody can tell. */
export type PictureWeight = { readonly type: string; readonly bytes: number } | { readonly reason: string }

/** One picture of the sample; null on a side that has none in that place. */
export interface PictureSample {
  readonly resource: string
  /** Of the row that it belongs to. */
  readonly key: KeyPair
  readonly label: string | null
  /** From 1, in the order in which the store shows them. */
  readonly place: number
  readonly old: PictureWeight | null
  readonly new: PictureWeight | null
  readonly verdict: 'same' | 'differs' | 'unknown'
}

/** What two stores have in common after a migration, for a person to sign. */
export interface ReconcileReport extends RunReport {
  readonly from: string
  readonly to: string
  /** UTC ISO-8601. */
  readonly at: string
  readonly resources: readonly ResourceMatch[]
  /** The first 10,000; the resources count all. */
  readonly differences: readonly StoreDifference[]
  /** The same of those that were agreed on. */
  readonly agreed: readonly StoreDifference[]
  /** What the API lets nobody carry over; it counts as no difference. */
  readonly refused: readonly Refusal[]
  readonly pictures: readonly PictureSample[]
  /** What --seed takes the same pictures again with. */
  readonly seed: number
  /** Requests that reading the old store took. */
  readonly reads: Requests
}

/** How many rows of one resource the old store changed since they were copied. */
export interface ResourceChanges {
  readonly resource: string
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly gone: number
  /** Rows that are as the last copy told them, and that another one does not carry over. */
  readonly told: number
}

/** A row that the old store changed since it was copied. */
export interface ChangedRow {
  readonly resource: string
  readonly what: 'added' | 'changed' | 'gone'
  readonly key: KeyPair
  readonly label: string | null
  readonly fields: readonly { readonly field: string; readonly was: Value; readonly now: Value }[]
}

/** A row that the last copy told, and that another one does not carry over. */
export interface ToldRow {
  readonly resource: string
  readonly key: KeyPair
  readonly label: string | null
  readonly reason: string
}

/** What happened in the old store since the last copy. */
export interface FreezeReport extends RunReport {
  readonly from: string
  readonly to: string
  readonly at: string
  readonly resources: readonly ResourceChanges[]
  /** The first 10,000; the resources count all. */
  readonly rows: readonly ChangedRow[]
  /** The same of rows that did not change since, and that stay behind, or in the new store without one in the old. */
  readonly told: readonly ToldRow[]
  /** Requests that reading the old store took. */
  readonly reads: Requests
}

/** What the undo of a migration does to the rows of one resource. */
export interface ResourceUndo {
  readonly resource: string
  readonly remove: number
  /** Rows that go with the one that they came inside. */
  readonly inside: number
  /** Made by the migration, and left alone. */
  readonly stays: number
  /** There before the migration. */
  readonly before: number
  /** Made by the migration, and taken out by somebody since. */
  readonly gone: number
  readonly removed: number
}

/** A row that the undo removes or leaves. */
export interface UndoRow {
  readonly resource: string
  readonly key: string
  readonly label: string | null
  readonly state: 'to-remove' | 'removed' | 'failed' | 'stays'
  /** Why it stays, or what the store said. */
  readonly reason: string | null
}

export interface UndoMoveReport extends RunReport {
  readonly from: string
  readonly to: string
  /** Nothing was sent: it tells what would be. */
  readonly dry: boolean
  readonly resources: readonly ResourceUndo[]
  /** In the order in which they go, then those that stay. */
  readonly rows: readonly UndoRow[]
  /** Resources that may refer to those rows and that the store's mirror does not hold, so nobody looked. */
  readonly unseen: readonly string[]
  /** Why it stopped early, where it did. */
  readonly error?: ErrorReport
}
