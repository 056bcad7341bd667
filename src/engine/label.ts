import type { Value, Values } from '../model/index.ts'

/** What people call a row. */
export const labelOf = (values: Values): string | null => {
  const name: Value | undefined = values['name']
  return typeof name === 'string' ? name : null
}
