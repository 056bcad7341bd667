import { isMisfit, kindOf, type usualKind } from './kinds.ts'

export type Usual = readonly ReturnType<typeof usualKind>[]

/**
 * The cells of a row in their right places, when two or more are not where they belong, moving all behind one place by one puts
 * every one right, and neither a cell is lost nor the key another. Null when several moves do; undefined when the row is right, or no move helps.
 */
export const unshifted = (
  cells: readonly string[],
  usual: Usual,
  keys: readonly number[],
): readonly string[] | null | undefined => {
  if (misfits(cells, usual) < 2) return undefined
  const found = new Map<string, readonly string[]>()
  for (const moved of moves(cells)) {
    const keepsKey = keys.every((at) => moved[at] === cells[at])
    if (keepsKey && misfits(moved, usual) === 0) found.set(JSON.stringify(moved), moved)
  }
  if (found.size === 0) return undefined
  return found.size === 1 ? ([...found.values()][0] ?? null) : null
}

/** Where a row of a wrong length would fit, to follow its length; empty when nothing tells. */
export const whereItFits = (
  cells: readonly string[],
  usual: Usual,
  columns: readonly string[],
  keys: readonly number[],
): string => {
  const places = [...columns.keys()].filter((at) => !keys.includes(at))
  const fits = (row: (at: number) => readonly string[]) => places.filter((at) => misfits(row(at), usual) === 0)
  const nameOf = (at: number) => JSON.stringify(columns[at] || String(at + 1))
  if (cells.length === columns.length - 1) {
    const [only, more] = fits((at) => [...cells.slice(0, at), '', ...cells.slice(at)])
    return only === undefined || more !== undefined ? '' : `; they fit when the one of ${nameOf(only)} is missing`
  }
  if (cells.length === columns.length + 1) {
    const [only, more] = fits((at) => [...cells.slice(0, at), `${cells[at]} ${cells[at + 1]}`, ...cells.slice(at + 2)])
    return only === undefined || more !== undefined ? '' : `; they fit when two of them are one ${nameOf(only)}`
  }
  return ''
}

const misfits = (cells: readonly string[], usual: Usual): number =>
  cells.reduce((count, cell, at) => count + (isMisfit(kindOf(cell), usual[at]) ? 1 : 0), 0)

/** Everything from a blank cell on one to the left, or from a cell on one to the right into a blank last one. */
function* moves(cells: readonly string[]): Generator<readonly string[]> {
  for (const [at, cell] of cells.entries()) {
    if (cell.trim() === '') yield [...cells.slice(0, at), ...cells.slice(at + 1), '']
    if (cells.at(-1)?.trim() === '') yield [...cells.slice(0, at), '', ...cells.slice(at, -1)]
  }
}
