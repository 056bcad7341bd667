export * from './settings/index.ts'
export { systemClock, systemRandom } from './system-clock.ts'
export { VERSION } from './version.ts'
export { openWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts'
