export { type Holder, type Lock, lockHolder, lockStore } from './lock.ts'
export { openMirror } from './open.ts'
export { runQuery } from './query.ts'
export type * from './types.ts'
