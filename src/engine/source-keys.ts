import type { BaseRow, Lookup, Mirror, MirrorRow } from '../mirror/index.ts'
import { type Filter, matchText, type Rejection, type Values } from '../model/index.ts'
import { passesFilter } from './filter.ts'

/**
 * The keys that one reading of a source named, also in rows that were rejected: what is missing from it, and how much of it the
 * store knows, is judged by keys and not by rows that happen to be usable.
 */
export class SourceKeys {
  readonly #lookup: Lookup
  readonly #filter: Filter
  readonly #met = new Set<string>()
  readonly #keyless = new Set<number>()
  #known = 0
  #outside = 0
  #passed = 0

  constructor(lookup: Lookup, filter: Filter) {
    this.#lookup = lookup
    this.#filter = filter
  }

  /** Takes note of a key, and finds the store's rows that have it; all of them are outside the filter or none. */
  meet(key: Values): { readonly rows: readonly MirrorRow[]; readonly isOutside: boolean } {
    const rows = this.#lookup.find(key)
    const isOutside = rows.length > 0 && rows.every(({ values }) => !passesFilter(this.#filter, values))
    const text = matchText(key)
    if (!this.#met.has(text)) {
      this.#met.add(text)
      if (isOutside) this.#outside += 1
      else if (rows.length) this.#known += 1
    }
    return { rows, isOutside }
  }

  /** The key that was met last is not in the store, nor meant to be: it says nothing of how well the two know each other. */
  passOver(): void {
    this.#passed += 1
  }

  reject({ row, key }: Rejection): void {
    if (!key) this.#keyless.add(row)
    else if (!this.has(matchText(key))) this.meet(key)
  }

  has(key: string): boolean {
    return this.#met.has(key)
  }

  /** Lines without a readable key: whatever key they were meant to name seems to be gone. */
  get keyless(): number {
    return this.#keyless.size
  }

  /** Keys outside the filter. */
  get outside(): number {
    return this.#outside
  }

  /** Keys that are not outside it. */
  get named(): number {
    return this.#met.size - this.#outside - this.#passed
  }

  /** Those of them that the store has. */
  get known(): number {
    return this.#known
  }
}

/** The base rows of a sync as one reading of its source meets them. */
export interface BaseSurvey {
  /** Rows whose key the source no longer names, of rows of the store inside the filter or of none. */
  readonly gone: readonly Pick<BaseRow, 'key' | 'entity'>[]
  /** Rows whose key it still names. */
  readonly kept: number
}

export const surveyBase = (
  mirror: Mirror,
  sync: string,
  filter: Filter,
  keys: SourceKeys,
  find: (entity: Values) => MirrorRow | undefined,
): BaseSurvey => {
  const gone: Pick<BaseRow, 'key' | 'entity'>[] = []
  let kept = 0
  for (const { key, entity } of mirror.base(sync).all()) {
    if (keys.has(key)) kept += 1
    else {
      const row = find(JSON.parse(entity) as Values)
      if (!row || passesFilter(filter, row.values)) gone.push({ key, entity })
    }
  }
  return { gone, kept }
}
