import { isRowGuard } from '../../diff/index.ts'
import type { Circuit } from '../../engine/index.ts'
import type { OpenRow } from '../../mirror/index.ts'
import { clean, type SyncReport } from '../../model/index.ts'
import type { NoticeEvent } from '../settings/index.ts'
import type { Ended } from './notice.ts'

/** What is known beside the report of the run itself. */
export interface Around {
  /** Bad ends in a row, and when the first of them was, UTC ISO-8601. */
  readonly bad: { readonly since: string; readonly times: number } | null
  /** Null unless it keeps the sync from being pushed. */
  readonly circuit: Circuit | null
  /** The oldest rows that the sync has left open. */
  readonly rows: readonly OpenRow[]
}

export interface Words {
  readonly subject: string
  readonly lines: readonly string[]
  readonly next: readonly string[]
}

/** What is said about an end: what happened, why, and what a person types next. */
export const wordsOf = (event: NoticeEvent, ended: Ended, around: Around): Words => {
  const { job, step, store, report, exit } = ended
  const places = [store === null ? '' : `store ${store}`, job === null ? '' : `job ${job}`].filter(Boolean).join(', ')
  const ids = [report ? `run ${report.run}` : '', planOf(ended) ? `plan ${planOf(ended)}` : '', `exit ${exit}`]
  const subject = `Skiff: ${step} ${DID[event]}${places ? ` (${places})` : ''}`
  return {
    subject,
    lines: [
      `${step} ${DID[event]}${places ? `: ${places}` : ''} (${ids.filter(Boolean).join(', ')}).`,
      ...streak(event, around),
      ...(event === 'recovered' ? [] : why(ended, around)),
      ...(event === 'blocked' ? [BLOCKED] : []),
      ...circuitLines(around),
    ].map(clean),
    next: event === 'recovered' ? [] : nextOf(event, ended, around),
  }
}

const BLOCKED =
  'If the source is wrong, put it right and let the next run take it. What lets it pass is for changes that are meant.'

const DID: Readonly<Record<NoticeEvent, string>> = {
  blocked: 'was blocked',
  partial: 'left rows open',
  failed: 'failed',
  waiting: 'waits for approval',
  recovered: 'is well again',
  missed: 'did not run',
}

const planOf = ({ report }: Ended): string | null => (report && 'plan' in report ? report.plan : null)

const streak = (event: NoticeEvent, { bad }: Around): readonly string[] => {
  if (!bad || event === 'waiting' || (event !== 'recovered' && bad.times < 2)) return []
  const times = bad.times === 1 ? 'once' : `${bad.times} times in a row`
  return [event === 'recovered' ? `It had ended badly ${times} since ${bad.since}.` : `${times} since ${bad.since}.`]
}

const why = ({ report, error }: Ended, { rows }: Around): readonly string[] => {
  const sync = report && 'plan' in report ? report : null
  const stopped = error ?? sync?.error ?? null
  return [
    ...(stopped ? [stopped.message, ...(stopped.where === null ? [] : [`where: ${stopped.where}`])] : []),
    ...(sync ? speaking(sync) : []),
    ...(sync ? [summary(sync)] : []),
    ...(sync ? openLines(rows) : []),
  ]
}

const openLines = (rows: readonly OpenRow[]): readonly string[] => [
  ...(rows[0] ? [`rows open: ${rows.length}, the oldest since ${rows[0].since}`] : []),
  ...rows.slice(0, FEW).map(({ key, state, reason }) => `  ${key} ${state}: ${reason}`),
  ...(rows.length > FEW ? [`  and ${rows.length - FEW} more`] : []),
]

const FEW = 5

const speaking = ({ guards }: SyncReport): readonly string[] =>
  guards
    .filter(({ verdict }) => verdict === 'blocked' || verdict === 'held')
    .map(({ guard, verdict, detail }) => `guard ${guard} ${verdict}: ${detail}`)

const summary = ({ summary: counts, counts: { applied, skipped, failed } }: SyncReport): string => {
  const { create, update, remove, writeBack, conflict, held, rejected } = counts
  const planned = { create, update, remove, 'write back': writeBack, conflict, held, rejected }
  const done = { applied, skipped, failed }
  const text = (all: Readonly<Record<string, number>>): string =>
    Object.entries(all)
      .filter(([, rows]) => rows > 0)
      .map(([name, rows]) => `${rows} ${name}`)
      .join(', ')
  return `planned: ${text(planned) || 'nothing'}; done: ${text(done) || 'nothing'}`
}

const circuitLines = ({ circuit }: Around): readonly string[] =>
  circuit
    ? [
        `${circuit.failures} runs in a row failed or were blocked, so its circuit is open: by schedule it is planned and not pushed, until a person pushed it.`,
      ]
    : []

const nextOf = (event: NoticeEvent, ended: Ended, { circuit }: Around): readonly string[] => {
  const { job, sync, report } = ended
  const plan = planOf(ended)
  if (plan !== null && report && 'guards' in report) {
    const look = `skiff show ${plan} --details`
    if (event === 'waiting') return [look, `skiff push ${plan}`]
    if (event === 'partial') return [look, `skiff runs ${report.run}`]
    return [look, ...pushes(report)]
  }
  const again =
    sync !== null && (job === null || circuit) ? `skiff sync ${sync}` : job === null ? '' : `skiff run ${job}`
  return ['skiff status', again].filter(Boolean)
}

/** What lets it pass, for whoever has looked at the rows and means them. */
const pushes = ({ plan, sync, guards, error }: SyncReport): readonly string[] => {
  const blocked = guards.filter(({ verdict }) => verdict === 'blocked').map(({ guard }) => guard)
  const rowGuards = blocked.filter(isRowGuard)
  const allow = (names: readonly string[]) => names.map((guard) => ` --allow ${guard}`).join('')
  if (rowGuards.length) return [`skiff plan ${sync}${allow(blocked)}`]
  if (blocked.length || error) return [`skiff push ${plan}${allow(blocked)}`]
  return []
}
