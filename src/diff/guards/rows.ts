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
      for (const { field, from, to } of withRole(change, fields, 'price')) {
        if (typeof from !== 'string' || typeof to !== 'string') continue
        const moved = percentChange(from, to)
        if (percent !== null && Math.abs(moved) > percent) {
          return `${field} would go from ${from} to ${to} (${signed(moved)} %, limit ${percent} %)`
        }
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

const signed = (value: number): string => (value > 0 ? `+${value}` : String(value))
