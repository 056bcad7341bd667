import { spellings } from './spellings.ts'

/** What a cell looks like, without asking what it should be. */
export type Kind = 'blank' | 'integer' | 'decimal' | 'word'

export const kindOf = (text: string): Kind => {
  const bare = text.trim()
  if (bare === '') return 'blank'
  if (/^-?\d+$/.test(bare)) return 'integer'
  return spellings(bare).length > 0 ? 'decimal' : 'word'
}

export type KindCounts = Record<Kind, number>

/** What nearly all cells of a column look like; undefined where they differ, or are too few. */
export const usualKind = ({ integer, decimal, word }: KindCounts): 'integer' | 'number' | 'word' | undefined => {
  const filled = integer + decimal + word
  if (filled < FEWEST) return undefined
  if (integer >= filled * MOST) return 'integer'
  if (integer + decimal >= filled * MOST) return 'number'
  return word >= filled * MOST ? 'word' : undefined
}

const FEWEST = 3
const MOST = 0.8

/** Whether a cell is out of place in such a column. A blank one never is. */
export const isMisfit = (kind: Kind, usual: ReturnType<typeof usualKind>): boolean => {
  if (kind === 'blank' || usual === undefined) return false
  if (usual === 'word') return kind !== 'word'
  return kind === 'word' || (usual === 'integer' && kind === 'decimal')
}
