export { jsonLog, type LogLevel, type LogOptions, plainLog, type ServeLog } from './log.ts'
export { type JobOutlook, outlook } from './outlook.ts'
export { type ServeOptions, serve } from './serve.ts'
