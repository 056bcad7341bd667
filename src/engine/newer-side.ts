import type { Target } from '../diff/index.ts'
import type { Value } from '../model/index.ts'

/** The field that tells when a target's row was last changed in the store: what its listing can be asked by. */
export const modifiedField = (target: Target): string | undefined => {
  if (target.kind === 'plain') return target.resource.api.list?.since?.field
  const field = target.parent.api.list?.since?.field
  return Object.entries(target.derived.fields).find(([, facts]) => facts.of === 'parent' && facts.field === field)?.[0]
}

/** Which side changed last, both moments as UTC ISO-8601; undefined where one is unknown or both are the same. */
export const newerSide = (source: string | null, store: Value | undefined): 'source' | 'store' | undefined => {
  if (typeof store !== 'string' || source === null || source === store) return undefined
  return source > store ? 'source' : 'store'
}
