import type { Nested } from './source.ts'
import type { Value, Values } from './value.ts'

/** Who decides a field: the source, the store, or both by three-way merge. */
export type Owner = 'source' | 'store' | 'both'
/** Who wins where both sides changed a field of owner `both` to different values. */
export type ConflictRule = 'ask' | 'source' | 'store' | 'newer'

/** One sync of the configuration, defaults filled in: one source bound to one resource of one store. */
export interface SyncSpec {
  readonly name: string
  readonly store: string
  /** A resource, or a derived one such as `skus`. */
  readonly resource: string
  readonly source: string
  /** Store field to source column. Several make a compound key. */
  readonly key: Readonly<Record<string, string>>
  /** Parts of the key that are no plain column; a constant or an expression stands in `key` under the field's name. */
  readonly keyRules?: Readonly<Record<string, KeyRule>>
  readonly fields: Readonly<Record<string, FieldRule>>
  /** Several rows of the source make one. */
  readonly group?: Grouping
  /** The column that says what becomes of a row as a whole. */
  readonly command?: CommandColumn
  /** Columns that are rows of a child resource, by the resource. */
  readonly parts?: Readonly<Record<string, readonly PartColumn[]>>
  /** Where the pictures of a row lie. */
  readonly images?: Pictures
  /** Its rows are the parts of another sync's rows: what that one compares with, how it names a row, and which take part. */
  readonly partOf?: Pick<SyncSpec, 'resource' | 'key' | 'keyRules' | 'filter'>
  /** Its rows are the names in the cells of another sync's field, whose rule this is, and not the rows of the source. */
  readonly namedBy?: FieldRule
  /** Its source names some of its rows only: what it does not name is not gone. */
  readonly partial?: true
  /** Tables that its expressions look values up in; absent where there are none. */
  readonly tables?: readonly string[]
  readonly create: boolean
  /** What a created row holds in fields of which its source row says nothing, canonical. */
  readonly createDefaults: Values
  /** Rows that are made once a created row is there. */
  readonly follow?: Nested
  readonly remove: 'never' | 'hide' | 'delete'
  /** The source gets rows for what only the store has. */
  readonly insert: boolean
  readonly guards: GuardSettings
  /** Runs in a row that may fail before only a person pushes; false for any number. */
  readonly circuit: number | false
  readonly recheck: 'auto' | 'all'
  /** Only rows whose store side passes take part. */
  readonly filter: Filter
}

/** How a part of a key is found that is no plain column. */
export interface KeyRule {
  /** The same for every row, as a cell would hold it. */
  readonly value?: string
  /** An expression over the cells of the row. */
  readonly expr?: string
  /** What is found so names the row that the field refers to instead of holding its id. */
  readonly names?: Naming
  /** A blank cell names the rows that hold nothing there; its row is rejected when absent. */
  readonly blank?: 'none'
  /** The row is known by its parent and by what it chooses, and the key is the store's own. */
  readonly chosen?: ChosenKey
}

export interface ChosenKey {
  /** Field of the parent, and the column that holds it. */
  readonly of: string
  readonly column: string
  /** What each row chooses; a blank cell chooses nothing. */
  readonly options: readonly OptionColumn[]
  /** The column by which neighbouring rows are of one parent; that of the parent itself when absent. */
  readonly by?: string
  /** The label of a row that chooses nothing. */
  readonly none?: string
}

/** Where a field's value comes from is one of `from`, `value` and `expr`. */
export interface FieldRule {
  /** Column name, or its number from 1 in a file without a header. */
  readonly from?: string
  /** The same text for every row, as a cell would hold it. */
  readonly value?: string
  /** An expression over the cells of the row. */
  readonly expr?: string
  /** The columns that `expr` reads. */
  readonly reads?: readonly string[]
  readonly owner: Owner
  readonly conflict: ConflictRule
  /** What a blank cell means: no opinion, clear the field, or a rejected row. */
  readonly blank: 'keep' | 'clear' | 'reject'
  /** With `store` or `both`: false accepts the store's value instead of writing it back. */
  readonly writeBack: boolean
  /** With `both`: a value of the store that was accepted once counts as an edit until both sides agree again. */
  readonly lasting?: true
  readonly trim: boolean
  /** Taken for a blank cell before `blank` is asked. */
  readonly default?: string
  /** Cell text to the text that is meant. */
  readonly map?: Readonly<Record<string, string>>
  /** What a text that `map` does not have means: itself when absent, a blank cell, or a rejected row. */
  readonly else?: 'take' | 'blank' | 'reject'
  /** Texts that clear the field. */
  readonly clear?: readonly string[]
  /** A source without the column says nothing about the field; refused when absent. */
  readonly absent?: 'ignore'
  readonly format?: NumberFormat
  /** The cell names the rows that the field refers to, instead of holding their ids. */
  readonly names?: Naming
  /** Stock only: what tells since when a figure is true; absent looks at no age. */
  readonly asOf?: AsOf
  /** Stock only: what becomes of a figure that the store has moved away from since. */
  readonly after?: After
}

/** Words that say what becomes of each row, out of a column (`from`) or an expression; a blank leaves it to the rest of the sync. */
export interface CommandColumn {
  readonly from?: string
  readonly expr?: string
  /** Cell text to the word that is meant. */
  readonly map?: Readonly<Record<string, string>>
}

/** Columns with addresses or paths of pictures, and what becomes of them. */
export interface Pictures {
  readonly from: readonly string[]
  /** Stands between several addresses of a cell; absent where a cell holds one. */
  readonly list?: string
  /** What an address without `https://` is taken under: another address, or a folder below that of the configuration. */
  readonly base?: string
  /** The column with the place of a picture among those of its product; absent takes them as they come. */
  readonly position?: string
  /** A column for each of `from` with the alternative texts of its pictures; a blank cell says nothing. */
  readonly alt?: readonly string[]
  /** A source without the columns says nothing about pictures; refused when absent. */
  readonly absent?: 'ignore'
  /** The first stands for the product. */
  readonly thumbnail: boolean
  /** Those that we sent and the source no longer names are taken out of the store. */
  readonly remove: boolean
  /** Pictures of the store that are not recognised are others for certain. */
  readonly beside: boolean
  /** What tells that a picture of the web is another one: its address alone, or what lies behind it. */
  readonly check: 'address' | 'content'
}

/** A column that is one row of a child resource for each row of the source. */
export interface PartColumn {
  /** What tells the row from others of its parent, and what else is the same in all of them. */
  readonly key: Values
  readonly fixed: Values
  /** The field that the cell holds, and how. */
  readonly field: string
  readonly rule: FieldRule
}

/** Several rows of a source are one row of the store, with rows of its own inside: neighbours with the same cell in one column, or what a parent lists. */
export interface Grouping {
  readonly by:
    | { readonly neighbours: string; readonly options: readonly OptionColumn[] }
    /** The column in which a row names its parent, and what parents go by; blank for one that has none. */
    | { readonly parent: string; readonly names: readonly ParentName[]; readonly options: readonly OptionColumn[] }
    | RowsBelow
    /** The column in which a parent lists its variants: `sku=A-S,size=S|sku=A-M,size=M`. */
    | { readonly list: string }
  /** The choice of a row that has none, such as "Default Title". */
  readonly none: string | null
  /** Fields of each inner row. */
  readonly fields: Readonly<Record<string, FieldRule>>
}

/** Rows of variants stand below their parent's. */
export interface RowsBelow {
  /** The column that says what a row is, and what it says of a parent and of a variant below it. */
  readonly marks: string
  readonly above: string
  readonly below: string
  /** What it says of rows that are not read and without which a parent is not whole. */
  readonly unread: string | null
  /** The column in which a variant holds all that it chooses. */
  readonly chosen: string
}

/** A column of the parent, and what stands in front of its text where a row names it. */
export interface ParentName {
  readonly prefix: string
  readonly column: string
}

/** The name of an option, or the column that holds it in the first row of a group, and the column of the chosen values. */
export interface OptionColumn {
  readonly name: { readonly column: string } | { readonly text: string }
  readonly value: string
}

/** How a cell names rows of another resource. */
export interface Naming {
  /** Stands between several of them; absent where a cell holds one. */
  readonly list?: string
  /** Stands between the levels of a path; absent where names have no levels. */
  readonly path?: string
  /** Names that the store does not have are made, by a sync of their own; else their rows are rejected. */
  readonly missing?: 'create'
}

/** A column with a moment for each row, or the time of the file for all of them. */
export type AsOf = 'file' | { readonly column: string }
/**
 * `hold`: the row waits for a younger figure. `subtract-orders`: what orders took since is subtracted, and what they do not explain
 * waits. `overwrite`: the figure is written as it is.
 */
export type After = 'hold' | 'subtract-orders' | 'overwrite'

export interface NumberFormat {
  readonly decimal: '.' | ','
  /** Thousands separator that is dropped; absent means that one is an error. */
  readonly thousands?: '.' | ',' | ' ' | "'"
}

/** Store-side conditions: exact values by field, and a pattern over the SKU with `*` and `?`. */
export interface Filter {
  readonly equals: Readonly<Record<string, readonly Value[]>>
  readonly sku?: string
}

/**
 * Thresholds as written in the config, by guard name; absent keeps the default, `false` switches the guard off. One that says nothing
 * of a sync has the reason.
 */
export type GuardSettings = Readonly<Partial<Record<GuardName, GuardSetting>>>
/** A share such as `"30%"`, a number of rows, keys...; which of them a guard takes is in the guide. */
export type GuardSetting = false | number | string | readonly string[] | { readonly moot: string }
export type GuardName = (typeof GUARD_NAMES)[number]

export const GUARD_NAMES = [
  'staleStock',
  'zeroPrice',
  'maxPriceChange',
  'priceFloor',
  'priceScale',
  'maxChanges',
  'allChanged',
  'stockToZero',
  'maxDeletes',
  'maxHides',
  'maxCreates',
  'maxSourceDrop',
  'sentinels',
  'columnShape',
  'sourceAge',
  'maxConflicts',
  'canary',
  'breaker',
  'flap',
  'changeRate',
  'storeIdentity',
  'quotaReserve',
] as const
