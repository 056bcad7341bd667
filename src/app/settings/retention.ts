import type { Retention } from '../../mirror/index.ts'
import type { RawRetention } from './schema.ts'

/** What a section says of ages: 0 and false are for ever. */
export const readRetention = (raw: RawRetention): Retention => ({
  changeLog: raw.changeLog || null,
  journal: raw.journal || null,
  plans: raw.plans || null,
  runs: raw.runs || null,
  snapshots: raw.snapshots || null,
  conflicts: raw.conflicts || null,
})
