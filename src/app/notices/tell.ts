import { basename, join } from 'node:path'
import { circuitOf } from '../../engine/index.ts'
import { EXIT, isoTime } from '../../model/index.ts'
import { readState, writeState } from '../jobs-book.ts'
import type { NoticeEvent, Settings } from '../settings/index.ts'
import type { Workspace } from '../workspace.ts'
import { deliver } from './deliver.ts'
import type { Ended, Notice } from './notice.ts'
import { afterTelling, type Happened, type Memory, NOTHING_YET, ration } from './ration.ts'
import { type Around, type Words, wordsOf } from './words.ts'

/**
 * Tells those whom the config names how a sync, or a step of a job, ended. Good ends are told after bad ones only, and nothing is
 * told again and again. Never throws: what cannot be delivered is a warning, and the run stays as it is.
 */
export const tellEnd = (workspace: Workspace, ended: Ended): Promise<void> =>
  guarded(workspace, async () => {
    const event = eventOf(ended)
    if (event === null) return
    const around = await aroundOf(workspace, ended)
    const happened = {
      event,
      at: workspace.context.clock.now(),
      isCircuitOpen: around.circuit !== null,
      isByCircuit: ended.report !== null && 'error' in ended.report && ended.report.error?.code === 'circuit',
    }
    const { job, step, sync, store, report, state, exit } = ended
    const facts = { job, sync, store, run: report?.run ?? null, state, exit }
    const plan = report && 'plan' in report ? report.plan : null
    const work = job === null ? step : `job.${job}.${step}`
    await tell(workspace, work, happened, { ...facts, plan }, (told, bad) => wordsOf(told, ended, { ...around, bad }))
  })

/** Tells that a job did not run at its time. @param text Why, as a sentence. */
export const tellMissed = (workspace: Workspace, job: string, text: string): Promise<void> =>
  guarded(workspace, async () => {
    const happened: Happened = {
      event: 'missed',
      at: workspace.context.clock.now(),
      isCircuitOpen: false,
      isByCircuit: false,
    }
    const facts = { job, sync: null, store: null, run: null, plan: null, state: null, exit: null }
    const subject = `Skiff: job ${job} did not run at its time`
    const next = ['skiff status', `skiff run ${job}`]
    await tell(workspace, `job.${job}.schedule`, happened, facts, () => ({
      subject,
      lines: [`job ${job}: ${text}`],
      next,
    }))
  })

const guarded = async ({ settings, context }: Workspace, work: () => Promise<void>): Promise<void> => {
  if (!settings.notify.length) return
  try {
    await work()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    context.progress({ kind: 'warning', text: `nobody could be told: ${text}` })
  }
}

/** A run that was stopped is made up for, and is nobody's fault. */
const eventOf = ({ exit }: Ended): NoticeEvent | 'well' | null => {
  switch (exit) {
    case EXIT.done:
      return 'well'
    case EXIT.blocked:
      return 'blocked'
    case EXIT.rows:
      return 'partial'
    case EXIT.changes:
      return 'waiting'
    case EXIT.interrupted:
      return null
    default:
      return 'failed'
  }
}

const aroundOf = async (workspace: Workspace, { sync, store }: Ended): Promise<Omit<Around, 'bad'>> => {
  if (sync === null || store === null || !workspace.hasMirror(store)) return { circuit: null, rows: [] }
  return workspace.withMirror(store, (mirror) => {
    const circuit = circuitOf(mirror, workspace.sync(sync))
    return { circuit: circuit.isOpen ? circuit : null, rows: mirror.openRows(sync) }
  })
}

type Facts = Omit<Notice, 'event' | 'subject' | 'text' | 'next' | 'at'>

const tell = async (
  workspace: Workspace,
  work: string,
  happened: Happened,
  facts: Facts,
  say: (event: NoticeEvent, bad: Memory['bad']) => Words,
): Promise<void> => {
  const { settings } = workspace
  const path = join(settings.dir, '.skiff', 'notices', `${work.replaceAll(' ', '.')}.json`)
  const before = readState<Memory>(path, NOTHING_YET)
  const { tell: event, memory } = ration(before, happened)
  const isTold = event !== null && (await send(workspace, event, happened, facts, say(event, memory.bad ?? before.bad)))
  const after = isTold ? afterTelling(memory, event, happened) : memory
  if (after !== before) writeState(path, after)
}

/** Whether anybody was told. */
const send = async (
  workspace: Workspace,
  event: NoticeEvent,
  { at }: Happened,
  facts: Facts,
  words: Words,
): Promise<boolean> => {
  const { settings, context } = workspace
  const notice = noticeOf(settings, event, at, facts, words)
  const wanted = settings.notify.filter(
    ({ events, about }) =>
      events.includes(event) && (about === null || about.some((name) => name === facts.job || name === facts.sync)),
  )
  const faults = await Promise.all(wanted.map((notifier) => deliver(workspace, notifier, notice)))
  faults.forEach((fault, index) => {
    if (fault === null) return
    const text = `notice to ${wanted[index]?.name} was not delivered: ${fault} (${notice.subject})`
    context.progress({ kind: 'warning', text })
  })
  return faults.some((fault) => fault === null)
}

const noticeOf = (
  settings: Settings,
  event: Notice['event'],
  at: number,
  facts: Facts,
  { subject, lines, next }: Words,
): Notice => {
  const flags = flagsOf(settings, facts)
  const commands = next.map((line) => `${line}${flags}`)
  const steps = commands.length ? ['', `Next, in ${settings.dir}:`, ...commands.map((line) => `  ${line}`)] : []
  return { event, subject, text: [...lines, ...steps].join('\n'), next: commands, at: isoTime(at), ...facts }
}

/** What a person has to add to a command because this is not the only configuration or store. */
const flagsOf = ({ file, stores }: Settings, { store }: Facts): string => {
  const config = basename(file) === 'sync.config.json' ? '' : ` --config ${basename(file)}`
  return `${store !== null && Object.keys(stores).length > 1 ? ` --store ${store}` : ''}${config}`
}

const TEST: Words = { subject: 'Skiff: a test', lines: ['This is a test. When you read it, notices arrive.'], next: [] }
const NO_FACTS: Facts = { job: null, sync: null, store: null, run: null, plan: null, state: null, exit: null }

/** A notice that says that it is a test. */
export const testNotice = ({ settings, context }: Workspace): Notice =>
  noticeOf(settings, 'test', context.clock.now(), NO_FACTS, TEST)
