import type { Resource, Values } from '../../model/index.ts'

/**
 * Whether an API tells a field of a row. The older one does not tell all; an empty field that it does not tell is one that nobody
 * knows, and clears nothing.
 */
export const tells = (resource: Resource | undefined, row: Values): ((field: string) => boolean) => {
  const { list, within } = resource?.api ?? {}
  const told = list?.told ?? within?.apart?.told
  if (!told) return () => true
  const { sole, chosen } = within?.apart ?? {}
  // A row that stands for its parent has a key that the API never gives.
  if (sole && Number(row[sole.key]) < 0) return (field) => field in sole.told || sole.none.includes(field)
  return (field) => field in told || field === chosen?.field
}
