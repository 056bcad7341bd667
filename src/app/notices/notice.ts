import type { ErrorReport, Exit, PullReport, RunState, SyncReport } from '../../model/index.ts'
import type { NoticeEvent } from '../settings/index.ts'

/** What a notifier is given; a command gets it on its standard input, a webhook as the body of a POST. */
export interface Notice {
  readonly event: NoticeEvent | 'test'
  readonly subject: string
  /** Plain text: what happened, and what to type next. */
  readonly text: string
  /** Command lines, also at the end of the text. */
  readonly next: readonly string[]
  /** UTC, ISO-8601. */
  readonly at: string
  readonly job: string | null
  readonly sync: string | null
  readonly store: string | null
  readonly run: string | null
  readonly plan: string | null
  readonly state: RunState | null
  readonly exit: Exit | null
}

/** A sync, or a step of a job, that came to its end. */
export interface Ended {
  /** Null for a sync that cron calls by itself. */
  readonly job: string | null
  /** `sync prices` */
  readonly step: string
  readonly sync: string | null
  readonly store: string | null
  readonly state: RunState
  readonly exit: Exit
  readonly report: SyncReport | PullReport | null
  readonly error: ErrorReport | null
}
