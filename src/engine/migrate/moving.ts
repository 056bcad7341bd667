import type { Allowed, LostReference, StandsFor } from '../../diff/index.ts'
import type { Mirror } from '../../mirror/index.ts'
import type { Catalog, ConflictRule, Value, Values } from '../../model/index.ts'
import type { Context, StoreSide } from '../context.ts'
import type { IdMap } from './id-map.ts'

/**
 * What becomes of a row that the other store has already: it stands for the old one and keeps its values, it takes the old one's
 * values, or it is left alone and the old one stays behind.
 */
export type Existing = 'adopt' | 'overwrite' | 'refuse'

export interface MoveOptions {
  /** Null where nobody has said it yet: then rows that exist are left alone. */
  readonly existing: Existing | null
  /** Of a field that both stores changed since the last copy. */
  readonly conflict: ConflictRule
  readonly approvedBy: string
  /** Guards that a person lets pass, or moves, in this run; none when absent. */
  readonly allowed?: Allowed
  /** Only rows that changed since then, UTC ISO-8601, of resources that say when they did. */
  readonly since: string | null
  /** What rows of the old store are called in the new one, by resource and by the old name. */
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Changes what a row says on its way. */
  readonly transform?: (resource: string, row: Values) => Values
}

/** A migration under way: what is read from, what is written to, and what stands for what. */
export interface Moving {
  readonly context: Context
  /** The old store's mirror, complete. */
  readonly from: {
    readonly name: string
    readonly hash: string
    readonly mirror: Mirror
    /** What it can be asked for. */
    readonly catalog: Catalog
    /** Names of the resources that its mirror holds. */
    readonly brought: ReadonlySet<string>
  }
  readonly to: StoreSide
  /** Names of the resources that are copied. */
  readonly copied: ReadonlySet<string>
  readonly map: IdMap
  readonly options: MoveOptions
  readonly run: string
}

/** For people: what a reference means that was lost. */
export const lostText = ({ field, resource, key }: LostReference): string =>
  `${field} ${textOf(key)}: nothing stands for it among the ${resource} of the new store`

const textOf = (key: Value): string => (typeof key === 'object' ? JSON.stringify(key) : String(key))

/** What stands for rows of the old store; keys that mean the same everywhere stand for themselves. */
export const standsFor =
  ({ context, map }: Pick<Moving, 'context' | 'map'>): StandsFor =>
  (resource, key) => {
    const isSame = context.catalog.resources.get(resource)?.moves?.same?.includes(Number(key))
    return map.standsFor(resource, key) ?? (isSame ? key : undefined)
  }
