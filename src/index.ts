export {
  configHash,
  loadSettings,
  openWorkspace,
  planSync,
  pullStore,
  pushPlan,
  rehearsePlan,
  type Settings,
  syncOne,
  VERSION,
  verifyStore,
  type Workspace,
  type WorkspaceOptions,
} from './app/index.ts'
export { createEmulator, type Emulator, type EmulatorOptions, serve } from './emulator/index.ts'
export type {
  Catalog,
  Change,
  Derived,
  Field,
  FieldChange,
  Held,
  Plan,
  PlanReport,
  PullReport,
  PushReport,
  RehearsalReport,
  Resource,
  SyncReport,
  SyncSpec,
  Value,
  Values,
  Verdict,
  VerifyReport,
} from './model/index.ts'
export { defineResource, EXIT, SkiffError } from './model/index.ts'
export { catalog } from './resources/index.ts'
