import { type FieldRule, sameValue, type Value } from '../model/index.ts'

/**
 * What both sides held when they last agreed; `kept` when the difference was accepted, not agreed. A difference that `stands` is a
 * person's decision about the side that owns the field: it is not undone before that side moves.
 */
export interface BaseField {
  readonly store: Value
  readonly source: Value
  readonly kept?: true
  readonly stands?: true
  /** Of stock: when the store held its value, and since when nobody moved it unnoticed; UTC ISO-8601. */
  readonly at?: string
  readonly since?: string
  /** We wrote it. */
  readonly ours?: true
}

/**
 * What is to happen to one field of one key.
 * - `silent`: the source says nothing. `equal`: both sides agree, the base may advance. `settled`: they differ as they last did,
 *   and that was accepted.
 * - `update`: the store gets the source's value; `drift` when the store moved and the source did not.
 * - `write-back`: the source gets the store's value. `keep`: the store's value stands, the base advances.
 * - `conflict`: nobody decided.
 */
export type FieldVerdict =
  | { readonly kind: 'silent' | 'equal' | 'settled' | 'write-back' | 'keep' | 'conflict' }
  | { readonly kind: 'update'; readonly drift: boolean }

export interface Sides {
  /** Undefined when the source has no opinion. */
  readonly source: Value | undefined
  readonly store: Value
  /** Undefined at first contact. */
  readonly base: BaseField | undefined
  /** Which side changed last, where that is known. */
  readonly newer?: 'source' | 'store' | undefined
}

/** The three-way decision for one field: a pure function of the two sides, the base and the rule. */
export const decideField = (
  rule: Pick<FieldRule, 'owner' | 'conflict' | 'writeBack' | 'lasting'>,
  sides: Sides,
): FieldVerdict => {
  const { source, store, base } = sides
  if (source === undefined) return { kind: 'silent' }
  if (sameValue(source, store)) return { kind: 'equal' }
  const storeMoved = base !== undefined && !sameValue(base.store, store)
  const sourceMoved = base !== undefined && !sameValue(base.source, source)
  const toSource: FieldVerdict = { kind: rule.writeBack ? 'write-back' : 'keep' }

  if (rule.owner === 'store') {
    const isAccepted = base?.stands ? !storeMoved : base?.kept && !storeMoved && !sourceMoved
    return isAccepted ? { kind: 'settled' } : toSource
  }
  if (rule.owner === 'source') {
    if (base?.stands && !sourceMoved) return { kind: 'settled' }
    // The store altered what we sent (sanitised, rounded) and we know it: sending it again changes nothing.
    if (base && !storeMoved && !sourceMoved && !base.kept) return { kind: 'settled' }
    return { kind: 'update', drift: storeMoved && !sourceMoved }
  }
  if (!base) return { kind: 'conflict' }
  if (!storeMoved && !sourceMoved) return { kind: 'settled' }
  const isEdited = storeMoved || (rule.lasting === true && base.kept === true)
  if (!isEdited) return { kind: 'update', drift: false }
  if (!sourceMoved) return toSource
  const winner = rule.conflict === 'newer' ? sides.newer : rule.conflict
  if (winner === 'source') return { kind: 'update', drift: false }
  return winner === 'store' ? toSource : { kind: 'conflict' }
}
