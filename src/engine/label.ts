import type { Value, Values } from '../model/index.ts'

/** What people call a row: its name, or for a part the key of the row that it belongs to. */
export const labelOf = (values: Values, of?: Values): string | null => {
  if (of) return Object.values(of).join(' / ')
  const name: Value | undefined = values['name']
  return typeof name === 'string' ? name : null
}
