import { type Change, compareDecimals, type FieldChange, toUnits, type Values } from '../model/index.ts'
import { fieldsOf, type Target } from './target.ts'

/** What guards weigh the prices of a change against: what the row's own limits will be, and what buyers pay now. */
export const limitsOf = (
  target: Target,
  store: Values,
  updates: readonly FieldChange[],
): Pick<Change, 'floor' | 'paid'> => {
  const floor = floorOf(target, store, updates)
  const paid = paidNow(target, store, updates)
  return { ...(floor ? { floor } : {}), ...(paid === undefined ? {} : { paid }) }
}

/** What no price of the row may go below once its changes are made; nothing where no price changes. */
const floorOf = (target: Target, store: Values, updates: readonly FieldChange[]): Change['floor'] => {
  const facts = fieldsOf(target)
  if (!updates.some(({ field }) => facts[field]?.role === 'price')) return undefined
  let highest: Change['floor']
  for (const [name, { role }] of Object.entries(facts)) {
    if (role !== 'floor') continue
    const planned = updates.find(({ field }) => field === name)
    const value = planned ? planned.to : (store[name] ?? null)
    if (typeof value === 'string' && (!highest || compareDecimals(value, highest.value) > 0))
      highest = { field: name, value }
  }
  return highest
}

/** What buyers pay for the row, as far as its prices tell; nothing where no price is set that was not set before. */
const paidNow = (target: Target, store: Values, updates: readonly FieldChange[]): string | undefined => {
  const facts = fieldsOf(target)
  if (!updates.some(({ field, from }) => from === null && facts[field]?.role === 'price')) return undefined
  const amounts = Object.entries(facts)
    .filter(([, { role }]) => role === 'price' || role === 'paid')
    .map(([name]) => store[name])
    .filter((amount) => typeof amount === 'string' && toUnits(amount) > 0n)
  return (amounts as string[]).sort(compareDecimals).at(-1)
}
