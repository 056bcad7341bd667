export { openStore, type StoreDeps } from './open.ts'
export { exchange, type Fetch } from './transport.ts'
export type {
  Outcome,
  Page,
  PageRequest,
  Purpose,
  Store,
  StoreOptions,
  Upload,
  WriteRow,
} from './types.ts'
