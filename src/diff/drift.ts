import { type DriftCause, type FieldRule, sameValue, type Value } from '../model/index.ts'
import { type BaseField, decideField } from './decide.ts'

/** A value of ours that a reading could not confirm yet. */
export interface Young {
  readonly value: Value
  /** What was there before it. */
  readonly before: Value
  /** A reading may still show the old value. */
  readonly isSettling: boolean
}

/** Why the store's value is not the mirror's; null when it is, or as good as. */
export const driftOfMirror = (
  store: Value,
  mirror: Value,
  young: Young | undefined,
): Extract<DriftCause, 'mirror-stale' | 'applied-not-seen'> | 'unsettled' | null => {
  if (!young) return sameValue(store, mirror) ? null : 'mirror-stale'
  if (sameValue(store, young.value)) return null
  if (!sameValue(store, young.before)) return 'mirror-stale'
  return young.isSettling ? 'unsettled' : 'applied-not-seen'
}

/** Why store, base and source of one field are not at rest; null when they are. */
export const driftOfSides = (
  rule: FieldRule,
  store: Value,
  source: Value | undefined,
  base: BaseField | undefined,
): DriftCause | null => {
  const storeMoved = base !== undefined && !sameValue(base.store, store)
  if (source === undefined) return storeMoved ? 'store-edited' : null
  const sourceMoved = base !== undefined && !sameValue(base.source, source)
  const verdict = decideField(rule, { source, store, base })
  if (verdict.kind === 'settled') return null
  if (verdict.kind === 'equal') return storeMoved || sourceMoved ? 'base-behind' : null
  if (!base) return 'never-agreed'
  if (storeMoved && sourceMoved) return 'both-moved'
  if (storeMoved) return 'store-edited'
  // The same difference as before, which its owner does not accept.
  return sourceMoved ? 'source-moved' : 'never-agreed'
}
