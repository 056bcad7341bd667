import { type Change, matchText } from '../model/index.ts'
import type { Target } from './target.ts'
import { type Derivation, deriveWrites, type WriteContext } from './writes.ts'

export interface Possible extends Pick<Derivation, 'writes' | 'notes'> {
  readonly changes: readonly Change[]
  /** Those that cannot be carried out as they stand, and why; each once. */
  readonly dropped: readonly { readonly change: Change; readonly field: string; readonly reason: string }[]
}

/**
 * The changes that can be carried out, with the rows to write for them. A key of which one change cannot be is left out as a whole:
 * its row is written as it was meant or not at all. What goes may take others with it, such as a price that all variants shared.
 */
export const keepPossible = (target: Target, all: readonly Change[], context: WriteContext): Possible => {
  const dropped: Possible['dropped'][number][] = []
  for (let changes = all; ; ) {
    const toStore = changes.filter(({ side, action }) => side === 'store' && action !== 'conflict')
    const { writes, impossible, notes } = deriveWrites(target, toStore, context)
    if (!impossible.length) return { changes, writes, notes, dropped }
    const byId = new Map(impossible.map((one) => [one.change, one]))
    const keys = new Set<string>()
    for (const change of toStore) {
      const found = byId.get(change.id)
      if (!found) continue
      dropped.push({ change, field: found.field, reason: found.reason })
      keys.add(matchText(change.key))
    }
    changes = changes.filter(({ key }) => !keys.has(matchText(key)))
  }
}
