import type { BaseRow, Lookup, Mirror, MirrorRow } from '../mirror/index.ts'
import { type Filter, Fingerprint, matchText, type RecordPrint, type Rejection, type Values } from '../model/index.ts'
import type { FamiliarRows, PassedFacts } from './familiar-rows.ts'
import { passesFilter } from './filter.ts'
import { PrintSet } from './print-set.ts'

export interface Met {
  /** As `matchText` makes it. */
  readonly text: string
  readonly print: RecordPrint
  readonly rows: readonly MirrorRow[]
  readonly isOutside: boolean
  readonly known: BaseRow | undefined
}

/**
 * The keys that one reading of a source named, also in rows that were rejected or passed over: what is missing from it, and how much
 * of it the store knows, is judged by keys and not by rows that happen to be usable. Kept as fingerprints, of which two different ones
 * look the same in one reading of a million in some thirty million: then a key that is gone is taken for one that is there.
 */
export class SourceKeys {
  readonly #lookup: Lookup
  readonly #filter: Filter
  readonly #base: ReturnType<Mirror['base']>
  readonly #familiar: FamiliarRows | undefined
  readonly #print = new Fingerprint()
  readonly #met = new PrintSet()
  readonly #keyless = new Set<number>()
  #known = 0
  #outside = 0
  #passed = 0
  #kept = 0
  #passedOver: PassedFacts = NONE_PASSED

  constructor(lookup: Lookup, filter: Filter, base: ReturnType<Mirror['base']>, familiar?: FamiliarRows) {
    this.#lookup = lookup
    this.#filter = filter
    this.#base = base
    this.#familiar = familiar
  }

  /** Takes note of a key, and finds the store's rows that have it; all of them are outside the filter or none. */
  meet(key: Values): Met {
    const text = matchText(key)
    const rows = this.#lookup.find(key)
    const known = this.#base.get(text)
    const isOutside = rows.length > 0 && rows.every(({ values }) => !passesFilter(this.#filter, values))
    const { a, b } = this.#print.ofKey(text)
    if (this.#met.add(a, b)) {
      if (isOutside) this.#outside += 1
      else if (rows.length) this.#known += 1
      if (known) this.#kept += 1
    }
    return { text, print: [a, b], rows, isOutside, known }
  }

  /** The keys of the rows that the source passed over count with the others. */
  include(facts: PassedFacts): void {
    this.#passedOver = facts
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
    const { a, b } = this.#print.ofKey(key)
    return this.#met.has(a, b) || (this.#familiar?.hasPassed(a, b) ?? false)
  }

  /** Lines without a readable key: whatever key they were meant to name seems to be gone. */
  get keyless(): number {
    return this.#keyless.size
  }

  /** Keys outside the filter. */
  get outside(): number {
    return this.#outside + this.#passedOver.outside
  }

  /** Keys that are not outside it. */
  get named(): number {
    return this.#met.size - this.#outside - this.#passed + this.#passedOver.matched
  }

  /** Those of them that the store has. */
  get known(): number {
    return this.#known + this.#passedOver.matched
  }

  /** Those that the base has a row for. */
  get kept(): number {
    return this.#kept + this.#passedOver.inBase
  }
}

export const NONE_PASSED: PassedFacts = { outside: 0, matched: 0, inStock: 0, figures: 0, inBase: 0 }

/** The base rows of a sync as one reading of its source meets them. */
export interface BaseSurvey {
  /** Rows whose key the source no longer names, of rows of the store inside the filter or of none. */
  readonly gone: readonly Pick<BaseRow, 'key' | 'entity'>[]
  /** Rows whose key it still names. */
  readonly kept: number
}

export const surveyBase = (
  base: ReturnType<Mirror['base']>,
  filter: Filter,
  keys: SourceKeys,
  find: (entity: Values) => MirrorRow | undefined,
): BaseSurvey => {
  const gone: Pick<BaseRow, 'key' | 'entity'>[] = []
  const { kept } = keys
  if (kept === base.count()) return { gone, kept }
  for (const key of base.keys()) {
    const known = keys.has(key) ? undefined : base.get(key)
    // Without a field it is one that was gone before.
    if (!known || Object.keys(known.fields).length === 0) continue
    const row = find(JSON.parse(known.entity) as Values)
    if (!row || passesFilter(filter, row.values)) gone.push({ key, entity: known.entity })
  }
  return { gone, kept }
}
