export type { Log } from './caller.ts'
export { openStore, type StoreDeps } from './open.ts'
export type { Fetch } from './transport.ts'
export type {
  Outcome,
  Page,
  PageRequest,
  Purpose,
  Quota,
  Store,
  StoreOptions,
  WriteRow,
} from './types.ts'
