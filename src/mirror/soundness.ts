import type { Db } from './file.ts'
import type { Mirror } from './types.ts'

/** What SQLite finds wrong with its own file. */
export const soundnessOf = (db: Db): Pick<Mirror, 'damage'> => ({
  damage: () => {
    const [first] = db.pragma('quick_check(1)', { simple: false }) as { quick_check: string }[]
    return !first || first.quick_check === 'ok' ? null : first.quick_check
  },
})
