import type { Change, FieldRule, Rejection, SourceRow, Value, Values } from '../model/index.ts'
import { matchText, sameValue } from '../model/index.ts'
import { heldBy, isSole, type Target } from './target.ts'

/**
 * Rows that share one stock figure, because their product is tracked as a whole. Where the source's rows disagree about it, none
 * of them is right: writing one would be undone by the next.
 */
export class SharedStock {
  readonly #target: Target
  readonly #rules: Readonly<Record<string, FieldRule>>
  readonly #wanted = new Map<Value, { readonly field: string; readonly value: Value; agree: boolean }>()

  constructor(target: Target, rules: Readonly<Record<string, FieldRule>>) {
    this.#target = target
    this.#rules = rules
  }

  /** Takes note of what a matched row wants. @returns whether it shares a figure with others. */
  see(source: SourceRow, store: Values, entity: Values): boolean {
    if (this.#target.kind === 'plain') return false
    const { derived } = this.#target
    let isShared = false
    for (const name of Object.keys(this.#rules)) {
      const facts = derived.fields[name]
      const value = source.values[name]
      if (facts?.of !== 'stock' || value === undefined || isSole(store) || heldBy(facts, store) !== 'parent') continue
      isShared = true
      const parent = entity[derived.link] ?? null
      const known = this.#wanted.get(parent)
      if (!known) this.#wanted.set(parent, { field: name, value, agree: true })
      else if (!sameValue(known.value, value)) known.agree = false
    }
    return isShared
  }

  /** The changes without those of disagreeing rows, which become rejections as a whole. */
  settle(changes: readonly Omit<Change, 'id'>[]): {
    readonly changes: readonly Omit<Change, 'id'>[]
    readonly rejected: readonly Rejection[]
  } {
    const rejected = changes.flatMap((change) => this.#rejection(change) ?? [])
    const keys = new Set(rejected.map(({ key = {} }) => matchText(key)))
    return { changes: keys.size ? changes.filter(({ key }) => !keys.has(matchText(key))) : changes, rejected }
  }

  #rejection(change: Omit<Change, 'id'>): Rejection | undefined {
    const link = this.#target.kind === 'family' ? (change.entity[this.#target.derived.link] ?? null) : null
    const wanted = this.#wanted.get(link)
    const stock = wanted && !wanted.agree ? change.fields.find(({ field }) => field === wanted.field) : undefined
    return (
      stock && {
        row: change.line ?? 0,
        column: this.#rules[stock.field]?.from ?? stock.field,
        value: String(stock.to),
        reason: 'its product has one stock figure for all variants, and the source’s rows disagree about it',
        key: change.key,
      }
    )
  }
}
