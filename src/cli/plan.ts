import { planSync } from '../app/index.ts'
import { EXIT, type Exit, type PlanReport, pushable, UsageError } from '../model/index.ts'
import type { Face } from './face.ts'
import { outFile } from './out-file.ts'
import { formatOfFile, type PlanFormat, planAs } from './plan-format.ts'
import { syncsMeant } from './targets.ts'
import { screenOf } from './views/screen.ts'
import { oneByOne, workspaceOf } from './work.ts'

export interface PlanArgs {
  readonly syncs: readonly string[]
  readonly only: readonly string[] | undefined
  readonly allow: readonly string[]
  readonly staleOk: boolean
  readonly full: boolean
  readonly format: PlanFormat | undefined
  readonly out: string | undefined
  readonly details: boolean
  readonly exitCode: boolean
}

export const run = async (args: PlanArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const syncs = syncsMeant(workspace, args.syncs, face.common.store)
  const whole = args.out !== undefined || (args.format !== undefined && args.format !== 'text')
  if (whole && syncs.length > 1) {
    throw new UsageError('a file or document holds one plan', {
      hint: 'Name one sync, such as: skiff plan SYNC --out FILE.',
    })
  }
  const out = args.out === undefined ? undefined : outOf(args.out, args.format, face)
  return oneByOne(face, syncs, async (sync) => {
    const { allow, staleOk, full, only } = args
    const report = await planSync(workspace, sync, { allow, staleOk, full, only: only ?? null })
    const { plan: made } = report
    out?.file.write(
      `${planAs(out.format, made, screenOf(120, false), true)}\n`,
      `The plan is stored as ${made.plan} all the same.`,
    )
    const shown = out === undefined ? (args.format ?? 'text') : 'text'
    return {
      exit: exitOf(report, args.exitCode),
      document: documentOf(report),
      view: (screen) => planAs(shown, made, screen, args.details),
    }
  })
}

/** The plan itself, and beside it what every run tells. */
export const documentOf = ({ plan: made, run: id, state, exit, requests }: PlanReport): object => ({
  ...made,
  run: id,
  state,
  exit,
  requests,
})

const exitOf = ({ plan: made, exit }: PlanReport, exitCode: boolean): Exit =>
  exitCode && exit === EXIT.done && pushable(made).length > 0 ? EXIT.changes : exit

const outOf = (name: string, format: PlanFormat | undefined, { io }: Face) => ({
  format: format ?? formatOfFile(name),
  file: outFile(io.cwd, name),
})
