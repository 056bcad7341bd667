import { writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { DEMO_FILES, DEMO_STORE, type DemoEnd, type DemoStep, runDemo } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { demoEndText, demoStepText } from './views/demo-text.ts'
import { planHtml } from './views/plan-html.ts'

export interface DemoArgs {
  readonly dir: string
}

export const run = async (args: DemoArgs, face: Face): Promise<Exit> => {
  const dir = resolve(face.io.cwd, args.dir)
  const steps: DemoStep[] = []
  const end = await runDemo({
    dir,
    signal: face.io.signal,
    progress: face.progress,
    tell: (step) => {
      steps.push(step)
      if (step.step === 'planned') writeFileSync(join(dir, DEMO_FILES.plan), planHtml(step.report.plan))
      if (!(face.common.json || face.common.quiet)) face.print(`${demoStepText(step, face.screen)}\n`)
    },
  })
  const folder = relative(face.io.cwd, dir) || '.'
  face.report(documentOf(dir, end, steps), (screen) => demoEndText(end, folder, command(dir), screen))
  return end.settled ? EXIT.done : EXIT.failed
}

const documentOf = (dir: string, { plan, port, settled }: DemoEnd, steps: readonly DemoStep[]): object => ({
  dir,
  files: DEMO_FILES,
  emulator: { ...DEMO_STORE, port },
  plan: { plan: plan.plan, summary: plan.summary, cost: plan.cost },
  pushed: steps.flatMap((step) => (step.step === 'pushed' ? [step.report.counts] : [])).at(0) ?? null,
  settled,
})

/** How the command was called, in a form that works inside the demo's folder. */
const command = (dir: string): string => {
  const script = process.argv[1] ?? ''
  if (basename(script) !== 'skiff') return `node ${relative(dir, script)}`
  return script.includes('node_modules') ? 'npx skiff' : 'skiff'
}
