export { jsonLog, plainLog } from './log.ts'
export { outlook } from './outlook.ts'
export { serve } from './serve.ts'
