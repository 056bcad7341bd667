import type { Mirror } from '../mirror/index.ts'
import type { Catalog, Clock, OnProgress, Random } from '../model/index.ts'
import { InterruptedError } from '../model/index.ts'
import type { PictureFiles, WebPictures } from '../sources/index.ts'
import type { Store } from '../store/index.ts'

/** What every verb needs from outside: time, chance, the way to stop it and somewhere to tell how it goes. */
export interface Context {
  readonly catalog: Catalog
  readonly clock: Clock
  readonly random: Random
  readonly signal: AbortSignal
  readonly progress: OnProgress
  /** Version of Skiff. */
  readonly tool: string
}

/** One configured store, opened: its API, its mirror, and what the config says of it. */
export interface StoreSide {
  readonly name: string
  readonly hash: string
  readonly store: Store
  readonly mirror: Mirror
  /** Files that rows are made from. */
  readonly files: Pick<PictureFiles, 'read'>
  /** Addresses that rows are made from. */
  readonly web: WebPictures
  /** Resources that a pull brings up to date. */
  readonly resources: readonly string[]
  /** How old the last pull of everything may be, ms. */
  readonly fullMs: number
  /** Location that stock is written to. */
  readonly location: number
  /** Prices of simple products go to their base variant. */
  readonly soleToChild: boolean
  /** Milliseconds after an unanswered request before "not there" counts as evidence; shortened for a loopback store only. */
  readonly horizonMs: number
  /** Overrides the resources' own settle times, ms; for a loopback store only. */
  readonly settleMs: number | null
}

/** @throws {InterruptedError} once a stop was asked for; called where stopping loses nothing. */
export const stopIfAsked = ({ signal }: Context, what: string): void => {
  if (signal.aborted) {
    throw new InterruptedError(`${what} was stopped`, { hint: 'run the same command again; it goes on from here' })
  }
}
