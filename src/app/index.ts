export { createEmulator, type Fault, parseFaults, serve } from '../emulator/index.ts'
export { type Freshness, type Holder, type Lock, lockStore, runQuery } from '../mirror/index.ts'
export { addSync } from './add-sync.ts'
export {
  type BackupReport,
  backupStore,
  lastBackup,
  lookAtCopy,
  type RestoreReport,
  restoreStore,
} from './backups.ts'
export { type Check, checkAll } from './check.ts'
export type { Finding } from './check-finding.ts'
export type { StoreFacts } from './check-meet.ts'
export { listConflicts, type OpenConflict, resolveConflicts } from './conflicts.ts'
export { DEMO_FILES, DEMO_STORE, type DemoEnd, type DemoStep, runDemo } from './demo/index.ts'
export { type DoctorReport, examineSource } from './doctor.ts'
export { hashIn, type InitFiles, refuseToOverwrite, tryStore, writeInit } from './init.ts'
export { cronLine, type NeededScope, neededScopes, systemdUnit } from './init-advice.ts'
export type { InitAnswers, InitFeed } from './init-config.ts'
export { lookAtFeed } from './init-feed.ts'
export { type JobReport, runJob, type StepReport, storesOfJob } from './jobs.ts'
export { type JobRun, openJobBook, readState, writeState } from './jobs-book.ts'
export { type MappingProposal, proposeFor, type SyncSection, sectionOf } from './map.ts'
export { type Notice, tellMissed } from './notices/index.ts'
export { type Preset, presetOf, presets } from './presets.ts'
export { rehearsePlan } from './rehearse.ts'
export { type Report, runReport } from './reports.ts'
export { type ReportDefinition, reportDefinitions } from './reports-file.ts'
export * from './settings/index.ts'
export { type JobStatus, readStatus, type Status, type StoreStatus } from './status.ts'
export { syncAndTell } from './sync-and-tell.ts'
export { systemClock } from './system-clock.ts'
export { undoRun } from './undo.ts'
export * from './verbs.ts'
export { type VerifyStoreOptions, verifyStore } from './verify.ts'
export { VERSION } from './version.ts'
export { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts'
