import type { Resource } from '../../model/index.ts'
import { requestsFor } from '../read-rows.ts'
import type { Moving } from './moving.ts'
import type { OldRow } from './old-rows.ts'
import { readingAgain } from './read-again.ts'

/** What a copy takes of the new store beside the requests that write. */
export interface Beside {
  readonly requests: number
  readonly waitMs: number
}

export const NOTHING: Beside = { requests: 0, waitMs: 0 }

/** Each push asks first who answers. */
export const A_PUSH: Beside = { requests: 1, waitMs: 0 }

export const besides = (all: readonly Beside[]): Beside => ({
  requests: all.reduce((sum, { requests }) => sum + requests, 0),
  waitMs: all.reduce((sum, { waitMs }) => sum + waitMs, 0),
})

/** A push that makes rows, and the reading of what it made. */
export const lookAgain = (moving: Moving, resource: Resource, made: readonly OldRow[]): Beside => {
  const again = readingAgain(moving, resource)
  if (!again) return A_PUSH
  const { task, owner, settleMs } = again
  const owners = new Set(made.map(({ held }) => held[owner ?? ''] ?? null))
  const requests = owner === null ? requestsFor(task, made.length, 'pages') : requestsFor(task, owners.size, 'keys')
  return besides([A_PUSH, { requests, waitMs: settleMs }])
}

/** The reading of rows that new ones have changed. */
export const lookAtStirred = ({ to }: Moving, parent: Resource, rows: number): Beside => ({
  requests: requestsFor({ resource: parent, children: [] }, rows, 'pages'),
  waitMs: to.settleMs ?? parent.settleMs,
})
