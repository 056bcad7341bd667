import {
  type Change,
  compareDecimals,
  type GuardName,
  matchText,
  percentChange,
  sameValue,
  toUnits,
} from '../../model/index.ts'
import type { GuardInput } from './apply.ts'
import { withRole } from './figures.ts'
import type { Threshold } from './thresholds.ts'

type RowTest = (
  change: Change,
  input: Pick<GuardInput, 'fields' | 'recent'>,
  limit: Extract<Threshold, { kind: 'limit' }>,
) => string | undefined

/** Guards that keep back single rows, each with the reason why it does. */
export const ROW_GUARDS: readonly (readonly [GuardName, RowTest])[] = [
  ['staleStock', (change) => change.fields.find(({ moved }) => moved !== undefined)?.moved],
  [
    'zeroPrice',
    (change, { fields }) => {
      for (const { field, to } of withRole(change, fields, 'price')) {
        if (typeof to === 'string' && toUnits(to) <= 0n) return `${field} would become ${to}`
      }
      return undefined
    },
  ],
  [
    'maxPriceChange',
    (change, { fields }, { percent }) => {
      if (percent === null) return undefined
      for (const { field, from, to } of withRole(change, fields, 'price')) {
        const before = from ?? change.paid
        if (typeof before !== 'string' || typeof to !== 'string') continue
        const limit = from === null && fields[field]?.reduced ? Math.max(percent, MOST_REDUCED) : percent
        const moved = percentChange(before, to)
        if (Math.abs(moved) <= limit) continue
        const figures = `(${signed(moved)} %, limit ${limit} %)`
        return from === null
          ? `${field} would be ${to} where buyers pay ${before} ${figures}`
          : `${field} would go from ${before} to ${to} ${figures}`
      }
      return undefined
    },
  ],
  [
    'priceFloor',
    (change, { fields }, { amount }) => {
      for (const { field, from, to } of withRole(change, fields, 'price')) {
        if (typeof to !== 'string') continue
        // A price that lies below already and is raised does not get worse.
        if (typeof from === 'string' && compareDecimals(to, from) >= 0) continue
        if (amount !== null && compareDecimals(to, amount) < 0)
          return `${field} ${to} is below the minimum of ${amount}`
        const { floor } = change
        if (floor && compareDecimals(to, floor.value) < 0)
          return `${field} ${to} is below ${floor.field} ${floor.value}`
      }
      return undefined
    },
  ],
  [
    'flap',
    (change, { fields, recent }, { count }) => {
      for (const { field, from, to } of change.fields) {
        if (fields[field]?.role === 'stock') continue
        const steps = [...(recent.get(matchText(change.key)) ?? []).filter((one) => one.field === field), { from, to }]
        const reversals = steps.filter((step, index) => index > 0 && sameValue(step.to, steps[index - 1]?.from ?? null))
        if (reversals.length >= (count ?? 0)) return `${field} goes to and fro: ${reversals.length} reversals in 24 h`
      }
      return undefined
    },
  ],
  [
    'changeRate',
    (change, { fields, recent }, { count }) => {
      const prices = new Set(withRole(change, fields, 'price').map(({ field }) => field))
      const done = (recent.get(matchText(change.key)) ?? []).filter(({ field }) => prices.has(field)).length
      return done >= (count ?? 0) && prices.size ? `its price was changed ${done} times in 24 h` : undefined
    },
  ],
]

/** A first sale price may lie far below the price, but not by a shifted decimal sign. */
const MOST_REDUCED = 90

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value))
