import { ATTACKS } from './attacks.ts'
import { DECISIONS } from './decisions.ts'
import { ENGINE } from './engine.ts'
import { EXPRESSIONS } from './expressions.ts'
import { FACES } from './faces.ts'
import { FAMILIAR } from './familiar.ts'
import { FEEDS } from './feeds.ts'
import { KEEPING } from './keeping.ts'
import { LEDGERS } from './ledgers.ts'
import { MOVES } from './moves.ts'
import type { Mutant } from './mutant.ts'
import { PARTS } from './parts.ts'

/** Every mechanism that can be taken out by name. */
export const MUTANTS: readonly Mutant[] = [
  ...DECISIONS,
  ...FEEDS,
  ...FAMILIAR,
  ...EXPRESSIONS,
  ...ENGINE,
  ...LEDGERS,
  ...ATTACKS,
  ...FACES,
  ...KEEPING,
  ...PARTS,
  ...MOVES,
]
