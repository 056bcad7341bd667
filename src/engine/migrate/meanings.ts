import {
  canonical,
  type Moves,
  type Resource,
  refusal,
  UsageError,
  type Value,
  type Values,
} from '../../model/index.ts'
import type { MoveOptions } from './moving.ts'

/**
 * What a field's value is to be in the new store: what people say of it, by itself or by one of its words, or else the same.
 * @throws {UsageError} when it can be no such value.
 */
export const meaningOf = (
  { name, fields }: Resource,
  { field, as, words }: NonNullable<Moves['said']>,
  row: Values,
  names: MoveOptions['names'],
): Value => {
  const known = names[as] ?? {}
  const word = words.map((one) => String(row[one] ?? '')).find((one) => Object.hasOwn(known, one))
  const facts = fields[field]
  if (word === undefined || !facts) return row[field] ?? null
  const said = known[word] ?? ''
  try {
    const value = canonical(facts, said)
    const reason = refusal(facts, value)
    if (reason === undefined) return value
    throw new TypeError(reason)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new UsageError(`${as} ${JSON.stringify(word)} becomes ${JSON.stringify(said)}, which is ${cause.message}`, {
      hint: `say a value that ${field} of ${name} can have`,
    })
  }
}
