import type { Value, Values } from './value.ts'

/** How rows of a resource go into another store. Ids are another store's own: rows are known there by what they hold. */
export interface Moves {
  /**
   * Fields by which a row is known in another store, best first. New rows go by the last, in which every row has a value; empty
   * where none are made by themselves. Fields that refer to other rows mean the rows that stand for those.
   */
  readonly by: readonly (readonly string[])[]
  /** Keys that mean the same in every store, because each begins with them. */
  readonly same?: readonly number[]
  /** Writable fields that stay behind. */
  readonly leave?: readonly string[]
  /** What a row says because it comes from elsewhere. */
  readonly given?: Values
  /** Fields that say what another field of the old row does: `external_order_id` takes `id`. */
  readonly takes?: Readonly<Record<string, string>>
  /**
   * A field whose text ends with where the row comes from; `{id}` is that field of the old row. Of several lines those are left out
   * that have a field without a value.
   */
  readonly noted?: { readonly field: string; readonly text: string; readonly spread?: Spread }
  /** A field whose text ends with what the row chose, in brackets: the list of choices, and the names of their two words. */
  readonly worded?: { readonly field: string; readonly list: string; readonly words: readonly [string, string] }
  /** Rows of one parent that are the same in what they are known by are told apart by their order. */
  readonly alike?: true
  /** A reference that means the first row of the same parent, by the field that names that: a new parent has its own rows all there. */
  readonly first?: { readonly field: string; readonly of: string }
  /** Field in whose order new rows are made. */
  readonly sorted?: string
  /** A field of which people may say what its values mean in another store: by which name they do, and the fields with its words. */
  readonly said?: { readonly field: string; readonly as: string; readonly words: readonly string[] }
  /** Rows that stay behind unless people say what their value is to be, and why. */
  readonly stays?: readonly {
    readonly field: string
    readonly value: Value
    readonly what: string
    readonly instead: string
  }[]
  /** A new row makes a field of the row that it belongs to (by `link`) say one of these, which is put right again afterwards. */
  readonly stirs?: { readonly link: string; readonly field: string; readonly makes: readonly Value[] }
  /** Where the storefront shows a row: a member of a field. */
  readonly page?: { readonly field: string; readonly member: string }
  /** Its rows can lead from a page of the old store to one of the new: field of the path, of the kind, of the key, and what else is set. */
  readonly leads?: { readonly from: string; readonly type: string; readonly to: string; readonly given: Values }
  /** Resources that are to be there before its rows, beside those that it refers to. */
  readonly after?: readonly string[]
  /**
   * What stays behind, and what to do about it, for people: what the API lets nobody carry over, and what comes along only with another
   * resource (`unless`). With `where` it is said of the rows that hold more than that, and of none where there are none.
   */
  readonly refused?: readonly {
    readonly what: string
    readonly instead: string
    readonly unless?: string
    readonly where?: Above
  }[]
}

/** Rows that hold more than that in a field. */
export interface Above {
  readonly field: string
  readonly above: number
}

/** Which rows of a row belong to which others of it, as text: a line for each of the others, with its rows behind it. */
export interface Spread {
  /** Of rows of which it is said. */
  readonly where: Above
  /** The others, and how one is written: `{city}` is that field of it. */
  readonly places: string
  readonly place: string
  /** The rows, their field with the key of the place, and how one is written. */
  readonly rows: string
  readonly by: string
  readonly row: string
}

/** One resource's rows in two stores, the one that was copied and the one that stands for it. */
export interface Link {
  /** Key of the old row, as `keyText` makes it. */
  readonly from: string
  /** Key of the row that stands for it. */
  readonly to: Values
  /** `created`, or the fields by which it was recognised: `sku`, `parent_id, name`. */
  readonly how: string
}
