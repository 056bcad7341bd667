import { isoTime } from '../../model/index.ts'
import type { NoticeEvent } from '../settings/index.ts'

/** What is remembered of a sync or of a step of a job, so that nobody is told the same thing again and again. */
export interface Memory {
  /** The bad ends in a row up to the newest; null after a good one. */
  readonly bad: { readonly since: string; readonly times: number; readonly isTold: boolean } | null
  /** When each event was told last, UTC ISO-8601. */
  readonly told: Readonly<Partial<Record<NoticeEvent, string>>>
  readonly isCircuitTold: boolean
}

export const NOTHING_YET: Memory = { bad: null, told: {}, isCircuitTold: false }

/** What happened: an event, or a good end, which is told only where a bad one was. */
export interface Happened {
  readonly event: NoticeEvent | 'well'
  /** ms */
  readonly at: number
  readonly isCircuitOpen: boolean
  /** It ended so because the circuit was open before. */
  readonly isByCircuit: boolean
}

/** The event that is to be told, or null, and the memory as it is before anybody was told. */
export const ration = (memory: Memory, happened: Happened): { readonly tell: NoticeEvent | null; memory: Memory } => {
  const { event, at, isCircuitOpen, isByCircuit } = happened
  if (event === 'well') {
    return { tell: memory.bad?.isTold ? 'recovered' : null, memory: { ...memory, bad: null, isCircuitTold: false } }
  }
  const last = memory.told[event]
  const isDue = last === undefined || at - Date.parse(last) >= QUIET_MS
  if (!BAD.has(event)) return { tell: isDue ? event : null, memory }
  const { since, times, isTold } = memory.bad ?? { since: isoTime(at), times: 0, isTold: false }
  const bad = { since, times: times + 1, isTold }
  // That the circuit opened is told at once, and what it keeps back afterwards is no news.
  const tell = isCircuitOpen && !memory.isCircuitTold ? event : isDue && !isByCircuit ? event : null
  return { tell, memory: { ...memory, bad } }
}

/** The memory once somebody was told. */
export const afterTelling = (memory: Memory, event: NoticeEvent, { at, isCircuitOpen }: Happened): Memory => ({
  bad: memory.bad && { ...memory.bad, isTold: true },
  told: { ...memory.told, [event]: isoTime(at) },
  isCircuitTold: memory.isCircuitTold || (BAD.has(event) && isCircuitOpen),
})

const BAD: ReadonlySet<NoticeEvent> = new Set(['blocked', 'partial', 'failed'])

/** The same event of the same work is not told again before. */
const QUIET_MS = 6 * 3_600_000
