export {
  configHash,
  loadSettings,
  openWorkspace,
  planSync,
  pullStore,
  pushPlan,
  type Settings,
  syncOne,
  VERSION,
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
  Resource,
  SyncReport,
  SyncSpec,
  Value,
  Values,
  Verdict,
} from './model/index.ts'
export { defineResource, EXIT, SkiffError } from './model/index.ts'
export { catalog } from './resources/index.ts'
