import type { CellRule } from './finding.ts'

/** Whatever a plan would reject: values beyond the store's limits, and cells that are not what their field needs. */
export const value: CellRule = ({ text, use }) => {
  const cell = use?.read?.(text)
  return cell && 'reason' in cell ? { problem: cell.reason, repair: null } : undefined
}
