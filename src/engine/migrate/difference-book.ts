import { type BaseField, whyApart } from '../../diff/index.ts'
import { type StoreDifference, says, type Values } from '../../model/index.ts'

type About = Pick<StoreDifference, 'resource' | 'key' | 'label'>

interface Counts {
  readonly differs: number
  readonly agreed: number
}

/** What two stores do not share: all of it counted, the first of it told. */
export class DifferenceBook {
  readonly differences: StoreDifference[] = []
  readonly agreed: StoreDifference[] = []
  readonly #counts = new Map<string, Counts>()

  counts(resource: string): Counts {
    return this.#counts.get(resource) ?? { differs: 0, agreed: 0 }
  }

  /** Compares what the old store says with what the new one holds, and tells how many values that were. */
  compare(about: About, told: Values, there: Values, base: (field: string) => BaseField | undefined): number {
    const fields = Object.entries(told)
    for (const [field, old] of fields) {
      const now = there[field] ?? null
      // The store adds members of its own to objects.
      if (says(now, old)) continue
      const { agreed, why } = whyApart(base(field), old, now)
      const difference = { ...about, field, old, new: now, why }
      if (agreed) this.#add(this.agreed, difference, 'agreed')
      else this.differs(difference)
    }
    return fields.length
  }

  differs(difference: StoreDifference): void {
    this.#add(this.differences, difference, 'differs')
  }

  /** A row that the new store lacks. */
  missing(row: About & Pick<StoreDifference, 'why'>): void {
    this.differs({ ...row, field: null, old: null, new: null })
  }

  #add(list: StoreDifference[], difference: StoreDifference, what: keyof Counts): void {
    const before = this.counts(difference.resource)
    this.#counts.set(difference.resource, { ...before, [what]: before[what] + 1 })
    if (list.length < MOST_TOLD) list.push(difference)
  }
}

const MOST_TOLD = 10_000
