import type { Fault } from '../../../src/emulator/index.ts'
import type { MigrateOptions } from '../../../src/engine/index.ts'
import type { Dice } from '../dice.ts'
import { drawFaults } from '../swarm.ts'

/** What one seed's two stores are like, and what happens to them. */
export interface MoveSwarm {
  readonly products: number
  /** Migrations, each a process that may die. */
  readonly steps: number
  /** Faults of the old store and of the new one. */
  readonly faults: { readonly from: readonly Fault[]; readonly to: readonly Fault[] }
  readonly partial: number
  /** Chance of an act of somebody else, and of the process's death, at each yield point. */
  readonly acts: number
  readonly crashes: number
  readonly staleMs: number
  /** Share of the old rows of which the new store has something that is alike. */
  readonly alike: number
  readonly lists: boolean
  readonly existing: MigrateOptions['existing']
  readonly conflict: MigrateOptions['conflict']
  /** Nobody touches the new store, and the old one only between migrations: the end is known beforehand. */
  readonly quiet: boolean
}

export const drawMoveSwarm = (dice: Dice): MoveSwarm => {
  const staleMs = dice.pick([0, 0, 2_000, 8_000])
  const stale: readonly Fault[] = staleMs ? [{ kind: 'stale', probability: 0.2, ms: staleMs }] : []
  const quiet = dice.chance(0.35)
  return {
    products: dice.between(2, 5),
    steps: dice.between(2, 6),
    faults: { from: [...drawFaults(dice), ...stale], to: [...drawFaults(dice), ...stale] },
    partial: dice.pick([0, 0.2, 0.5]),
    acts: quiet ? 0 : dice.pick([0, 0.01, 0.05]),
    crashes: dice.pick([0, 0.004, 0.015]),
    staleMs,
    alike: dice.pick([0, 0, 0.3, 0.6]),
    lists: dice.chance(0.3),
    existing: dice.pick([null, 'adopt', 'overwrite', 'refuse']),
    conflict: dice.pick(['ask', 'ask', 'source', 'store']),
    quiet,
  }
}

/** The same stores and the same edits, and nothing that goes wrong. */
export const withoutTrouble = (swarm: MoveSwarm): MoveSwarm => ({
  ...swarm,
  faults: { from: [], to: [] },
  partial: 0,
  crashes: 0,
  staleMs: 0,
})
