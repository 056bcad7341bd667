import { type FieldChange, type FieldRule, sameValue, type Value } from '../model/index.ts'

/** What a person said about a field that both sides changed, and the two values that it was said about. */
export interface Decided {
  /** Id of the conflict. */
  readonly id: string
  readonly store: Value
  readonly source: Value
  /** What both sides are to hold, or the store alone where nothing is written back. */
  readonly value: Value
}

/** Whether a decision is still about the values that both sides hold. */
export const stillHolds = (decided: Decided, store: Value, source: Value): boolean =>
  sameValue(decided.store, store) && sameValue(decided.source, source)

/** What has to be written to carry a decision out. Nothing, where the store's value stands and is not written back. */
export const decidedFields = (
  rule: Pick<FieldRule, 'owner' | 'writeBack'>,
  field: string,
  base: Value,
  { id, store, source, value }: Decided,
): { readonly update?: FieldChange; readonly 'write-back'?: FieldChange } => {
  const change = { field, to: value, base, owner: rule.owner, resolves: id }
  const isOther = !sameValue(source, value)
  return {
    ...(sameValue(store, value) ? {} : { update: { ...change, from: store, ...(isOther ? { other: source } : {}) } }),
    ...(isOther && rule.writeBack ? { 'write-back': { ...change, from: source } } : {}),
  }
}
