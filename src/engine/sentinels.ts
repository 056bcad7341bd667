import { fieldsOf, type Target } from '../diff/index.ts'
import type { Lookup } from '../mirror/index.ts'
import {
  matchText,
  type SourceFacts,
  type SourceRow,
  type SyncSpec,
  toUnits,
  type Value,
  type Values,
} from '../model/index.ts'

/** The keys whose presence on both sides, with a price above zero, proves that the right feed meets the right store. */
export class Sentinels {
  readonly #wanted: ReadonlyMap<string, string>
  readonly #prices: readonly string[]
  readonly #met = new Map<string, Values>()

  constructor({ guards, key }: SyncSpec, target: Target) {
    const names = Array.isArray(guards.sentinels) ? (guards.sentinels as readonly string[]) : []
    const [field = ''] = Object.keys(key)
    this.#wanted = new Map(names.map((name) => [matchText({ [field]: name }), name]))
    const facts = fieldsOf(target)
    this.#prices = Object.keys(facts).filter((name) => facts[name]?.role === 'price' && !facts[name]?.unset)
  }

  see({ key, values }: SourceRow): void {
    if (!this.#wanted.size) return
    const text = matchText(key)
    if (this.#wanted.has(text)) this.#met.set(text, values)
  }

  found(lookup: Lookup, key: Values): SourceFacts['sentinels'] {
    const [field = ''] = Object.keys(key)
    return [...this.#wanted].map(([text, name]) => ({
      key: name,
      fault: this.#faultOf(text, lookup.find({ [field]: name })),
    }))
  }

  #faultOf(text: string, rows: readonly { readonly values: Values }[]): string | null {
    const source = this.#met.get(text)
    const [row] = rows
    if (!source) return 'is not among the readable rows of the source'
    if (!row) return 'is not in the store'
    if (this.#prices.some((name) => isNoPrice(source[name]))) return 'has no price above zero in the source'
    return this.#prices.some((name) => isNoPrice(row.values[name])) ? 'has no price above zero in the store' : null
  }
}

const isNoPrice = (value: Value | undefined): boolean => typeof value === 'string' && toUnits(value) <= 0n
