import { sameValue, type Value } from '../model/index.ts'
import type { BaseField } from './decide.ts'

/** Why a value of two stores is not the same. Agreed: both held just these when they were last compared, and let them stand. */
export const whyApart = (
  base: BaseField | undefined,
  old: Value,
  now: Value,
): { readonly agreed: boolean; readonly why: string } => {
  if (!base) return { agreed: false, why: 'the two were never compared' }
  const isOld = sameValue(base.source, old)
  const isNew = sameValue(base.store, now)
  if (isOld && isNew) return { agreed: true, why: 'left as it is at the last copy' }
  if (isOld) return { agreed: false, why: 'changed in the new store since' }
  return { agreed: false, why: isNew ? 'changed in the old store since' : 'changed in both stores since' }
}
