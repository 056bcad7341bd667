export { buildPlan, type Draft, isBlocked } from './build.ts'
export { compareKey, type KeyResult, type Trio } from './compare.ts'
export { type BaseField, decideField, type FieldVerdict } from './decide.ts'
export { applyGuards, isRowGuard } from './guards.ts'
export { type Applied, withApplied } from './overlay.ts'
export { type Batch, canWrite, costOf, routeWrites, type Stage } from './route.ts'
export { SharedStock } from './shared-stock.ts'
export {
  type FamilyTarget,
  fieldsOf,
  refuse,
  resourcesOf,
  type Target,
  targetOf,
} from './target.ts'
export { type Allowed, allowedTexts, LIMIT_OF, parseAllow } from './thresholds.ts'
export { deriveWrites, type Family, WRITTEN_ONCE, type Write, type WriteContext } from './writes.ts'
