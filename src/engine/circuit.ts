import type { Mirror, RunRecord } from '../mirror/index.ts'
import { CircuitError, EXIT, type SyncReport, type SyncSpec } from '../model/index.ts'

/** Runs of a sync in a row, up to the newest, that failed or were blocked. */
export interface Circuit {
  readonly failures: number
  /** When the first of them began, UTC ISO-8601; null when there is none. */
  readonly since: string | null
  /** They are as many as the sync bears: nobody but a person pushes for it now. */
  readonly isOpen: boolean
}

/**
 * How a sync has gone lately. A push of one of its plans that went well ends the row, and so does a run. What says nothing about
 * feed, config or plan is passed over: a store that was away or locked, a run that was stopped, a dry run.
 */
export const circuitOf = (mirror: Mirror, { name, circuit }: Pick<SyncSpec, 'name' | 'circuit'>): Circuit => {
  const telling = mirror.runsOf(name, RECENT).flatMap((run) => {
    const ended = endOf(run)
    return ended === null ? [] : [{ ended, started: run.started }]
  })
  const good = telling.findIndex(({ ended }) => ended === 'well')
  const bad = good < 0 ? telling : telling.slice(0, good)
  return {
    failures: bad.length,
    since: bad.at(-1)?.started ?? null,
    isOpen: circuit !== false && bad.length >= circuit,
  }
}

const RECENT = 100

/** Why a plan is not pushed by a run that nobody watches. */
export const openCircuit = ({ name }: SyncSpec, { failures, since }: Circuit, plan: string): CircuitError =>
  new CircuitError(
    `the circuit of sync ${name} is open: ${failures} runs in a row failed or were blocked, the first on ${since}`,
    {
      hint: `nothing is pushed for it by schedule until a person did: look at \`skiff show ${plan} --details\`, then \`skiff push ${plan}\``,
    },
  )

const endOf = ({ verb, exit, report }: RunRecord): 'well' | 'badly' | null => {
  if (exit === EXIT.done || exit === EXIT.changes || exit === EXIT.rows) return isDry(report) ? null : 'well'
  if (verb !== 'sync' || exit === null || PASSING_EXITS.has(exit)) return null
  const { error } = (report ?? {}) as { readonly error?: { readonly code?: string } }
  return PASSING_CODES.has(error?.code ?? '') ? null : 'badly'
}

const PASSING_EXITS: ReadonlySet<number> = new Set([EXIT.interrupted, EXIT.locked])
const PASSING_CODES: ReadonlySet<string> = new Set(['unavailable', 'rate_limited'])

/** Nothing was sent although there was something to send. */
const isDry = (report: unknown): boolean => {
  const { summary, rows = [], state } = (report ?? {}) as Partial<SyncReport>
  return summary !== undefined && state !== 'waiting' && rows.length === 0 && planned(summary) > 0
}

const planned = ({ create, update, remove, writeBack }: SyncReport['summary']): number =>
  create + update + remove + writeBack
