export { whyApart } from './apart.ts'
export { buildPlan, type Draft, isBlocked } from './build.ts'
export {
  type ChoiceVerdict,
  choiceText,
  type HeldChoice,
  type HeldFamily,
  judgeChoices,
  type WantedChoice,
  type WantedRow,
} from './choices.ts'
export { type Deed, deedOf } from './command.ts'
export { compareKey, type KeyResult, type Trio } from './compare.ts'
export { type BaseField, decideField, type FieldVerdict } from './decide.ts'
export { type Decided, decidedFields } from './decided.ts'
export { driftOfMirror, driftOfSides, type Young } from './drift.ts'
export { applyGuards, isRowGuard, type Recent, type RecentChange } from './guards/apply.ts'
export { type Going, whyBroken } from './guards/breaker.ts'
export { isSweeping } from './guards/plans.ts'
export { type Allowed, allowedTexts, LIMIT_OF, parseAllow, thresholdOf } from './guards/thresholds.ts'
export { limitsOf } from './limits.ts'
export {
  isFileOf,
  type Match,
  matchSent,
  type Remembered,
  type Stored,
  stemOfAddress,
  stemOfFile,
} from './match-sent.ts'
export { moveOrder, neededBy } from './move-order.ts'
export { type LostReference, type Moved, movedValues, type StandsFor } from './moved.ts'
export { type Applied, childKey, withApplied } from './overlay.ts'
export { keepPossible } from './possible.ts'
export { type Batch, canWrite, costOf, routeWrites, type Stage } from './route.ts'
export { SharedStock } from './shared-stock.ts'
export { standFor } from './stand-for.ts'
export { judgeStock, MARGIN_MS, type StockVerdict } from './stock-age.ts'
export { stockPlace } from './stock-place.ts'
export {
  belongs,
  type FamilyTarget,
  fieldsOf,
  heldBy,
  refuse,
  resourcesOf,
  type StockField,
  type Target,
  targetOf,
} from './target.ts'
export { deriveWrites, type Family, placingFields, WRITTEN_ONCE, type Write, type WriteContext } from './writes.ts'
