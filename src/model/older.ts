/** A path in an older body; or what is made of what lies there. */
export type Told =
  | string
  | { readonly at: string; readonly words: Readonly<Record<string, string>> }
  /** A text with commas. */
  | { readonly at: string; readonly list: 'texts' | 'ids' }
  /** Goes into an object, under a name. */
  | { readonly at: string; readonly under: string }

/** Rows that are asked for with a request for each of their parents. */
export interface Apart {
  /** The parent's key goes into the path. */
  readonly path: string
  /** For a parent without any rows: the one row that stands for it. */
  readonly sole?: Sole
  /** What rows stand for, as the newer API tells it. */
  readonly chosen?: Chosen
}

/** The older API has no row of its own for a parent that is sold as it is. */
export interface Sole {
  /** Field of the row for the parent's key with a minus sign: no key of the API is negative. */
  readonly key: string
  /** Field of the parent that names it. */
  readonly holder: string
  /** Its other fields: paths in the parent's older body. */
  readonly told: Readonly<Record<string, string>>
  /** Fields that hold an empty list. */
  readonly none: readonly string[]
}

/** An older row names what it chooses by ids only; the words are in lists of their own. */
export interface Chosen {
  readonly field: string
  /** Where the choices lie in an older body, and their names for the parent's option and for the value. */
  readonly at: string
  readonly option: string
  readonly value: string
  /** List of the parent's options: its path, and the names of the option's word and of the shared option that it is. */
  readonly options: { readonly path: string; readonly word: string; readonly shared: string }
  /** List of a shared option's values, with the shared option's id in the path, and the name of the value's word. */
  readonly values: { readonly path: string; readonly word: string }
  /** What the newer API calls them. */
  readonly as: {
    readonly option: string
    readonly optionWord: string
    readonly value: string
    readonly valueWord: string
  }
}
