export { configHash } from './config-hash.ts'
export type { Environment } from './environment.ts'
export { type TargetField, targetFields } from './fields.ts'
export { configJsonSchema } from './json-schema.ts'
export { loadSettings } from './load.ts'
export { isLoopback } from './loopback.ts'
export { plainRule } from './schema.ts'
export { reveal } from './secret.ts'
export type {
  CommandWay,
  CsvSettings,
  DatabaseSettings,
  FileSettings,
  JobSettings,
  MailWay,
  NoticeEvent,
  NotifierSettings,
  Settings,
  SourceSettings,
  Step,
  StoreSettings,
  TableSettings,
  WebhookWay,
} from './types.ts'
export { isDatabase } from './types.ts'
