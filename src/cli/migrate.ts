import { resolve } from 'node:path'
import {
  foretellMigration,
  type MovingOptions,
  migrateStore,
  named,
  namesFile,
  transformFile,
  type Workspace,
} from '../app/index.ts'
import type { Existing } from '../engine/index.ts'
import { ApprovalError, EXIT, type Exit, isoTime, UsageError } from '../model/index.ts'
import { catalog } from '../resources/index.ts'
import type { Face } from './face.ts'
import { type AfterArgs, freezeMigration, undoCopy, verifyMigration } from './migrate-after.ts'
import { type Next, nextOf } from './migrate-next.ts'
import { forecastText, migrationText } from './views/migrate-text.ts'
import { workspaceOf } from './work.ts'

export interface MigrateArgs extends AfterArgs {
  readonly plan: boolean
  readonly yes: boolean
  readonly only: readonly string[] | undefined
  readonly since: string | undefined
  readonly map: string | undefined
  readonly transform: string | undefined
  readonly existing: Existing | undefined
  readonly conflicts: 'ask' | 'source' | 'store' | undefined
  readonly verify: boolean
  readonly freeze: boolean
  readonly undo: boolean
  readonly allow: readonly string[]
}

export const run = async (args: MigrateArgs, face: Face): Promise<Exit> => {
  const { from, to, plan, yes, details } = args
  refuseTwo(args)
  refuseStray(args)
  const workspace = workspaceOf(face)
  const options = optionsOf(args, face)
  const next = nextOf(args, face.common.config)
  if (args.verify) return verifyMigration(workspace, args, options, next, face)
  if (args.freeze) return freezeMigration(workspace, args, options, next, face)
  if (args.undo) return undoCopy(workspace, args, next, face)
  if (plan) {
    const report = await foretellMigration(workspace, from, to, options)
    face.report(report, (screen) => forecastText(report, screen, next, details))
    return report.exit
  }
  const typed = yes ? undefined : await approval(workspace, args, options, next, face)
  if (typed && 'exit' in typed) return typed.exit
  const report = await migrateStore(
    workspace,
    from,
    to,
    { ...options, approvedBy: yes ? '--yes' : PERSON, allow: args.allow },
    typed?.store,
  )
  face.report(report, (screen) => migrationText(report, screen, next, details))
  return report.exit
}

const refuseTwo = ({ plan, yes, verify, freeze, undo }: MigrateArgs): void => {
  const asked = Object.entries({ plan, yes, verify, freeze, undo }).flatMap(([name, isSet]) =>
    isSet ? [`--${name}`] : [],
  )
  if (asked.length > 1)
    throw new UsageError(`${asked.join(' and ')} cannot stand together`, { hint: 'ask for one of them' })
}

/** An option that has no say in what is done would be missed by whoever gave it. */
const refuseStray = ({ verify, undo, ...args }: MigrateArgs): void => {
  const stray = given(args, verify ? [] : ['out', 'seed'])
  if (stray) throw new UsageError(`${stray} belongs to --verify`, { hint: `add --verify, or leave ${stray} out` })
  if (!undo && given(args, ['confirm']))
    throw new UsageError('--confirm belongs to --undo', { hint: 'add --undo, or leave --confirm out' })
  if (args.allow.length && (args.plan || args.freeze || verify || undo))
    throw new UsageError('--allow belongs to a copy', { hint: 'leave it out here, and give it to the copy' })
  const shape = undo ? given(args, ['only', 'since', 'map', 'transform', 'existing', 'conflicts']) : undefined
  if (shape)
    throw new UsageError(`${shape} cannot stand with --undo: an undo takes back all that the migration made`, {
      hint: `leave ${shape} out`,
    })
}

const given = (args: Partial<MigrateArgs>, names: readonly (keyof MigrateArgs)[]): string | undefined => {
  const name = names.find((one) => args[one] !== undefined)
  return name && `--${name}`
}

const PERSON = 'a person at the terminal'

const optionsOf = ({ only, since, map, transform, existing, conflicts }: MigrateArgs, face: Face): MovingOptions => {
  const [names, rules] = [named(map), named(transform)].map((file) => file && resolve(face.io.cwd, file))
  return {
    only: only ?? null,
    since: since === undefined ? null : momentOf(since),
    names: names ? namesFile(names, catalog) : {},
    existing: existing ?? null,
    conflict: conflicts ?? 'ask',
    approvedBy: 'nobody',
    files: { map: map ?? null, transform: transform ?? null },
    ...(rules ? { transform: transformFile(rules, catalog) } : {}),
  }
}

const momentOf = (text: string): string => {
  const millis = Date.parse(text)
  if (!Number.isNaN(millis)) return isoTime(millis)
  throw new UsageError(`--since ${text} is no time`, { hint: 'write it like 2026-03-01 or 2026-03-01T12:00:00Z' })
}

/**
 * A person sees what would be done, and types the new store's name. Where nobody can be asked, or what is printed is a document for a
 * machine, it waits.
 */
const approval = async (
  workspace: Workspace,
  { from, to, details }: MigrateArgs,
  options: MovingOptions,
  next: Next,
  face: Face,
): Promise<{ readonly store: string } | { readonly exit: Exit }> => {
  const report = await foretellMigration(workspace, from, to, options)
  const { ask } = face.io
  if (report.exit === EXIT.done || !ask || face.common.json) {
    face.report(report, (screen) => forecastText(report, screen, next, details))
    return { exit: report.exit }
  }
  face.print(forecastText(report, face.screen, next, details))
  if (await ask({ text: `Write this to store ${to}?`, word: to })) return { store: to }
  throw new ApprovalError('the migration was not approved', {
    hint: `nothing was written; when it is right: ${next.again()}`,
  })
}
