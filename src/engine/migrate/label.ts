import type { Values } from '../../model/index.ts'

/** What people call a row; null for one that has no name. */
export const labelOf = (says: Values): string | null => {
  const text = says['name'] ?? says['email'] ?? says['sku'] ?? says['title'] ?? says['from_path'] ?? null
  return typeof text === 'string' ? text : null
}
