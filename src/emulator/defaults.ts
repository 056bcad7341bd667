import type { Catalog } from '../model/index.ts'

/** What the server fills in when a create leaves a field out, in the order in which the API shows the fields. */
export type Defaults = (resource: string) => Readonly<Record<string, unknown>>

/** Defaults as the definitions tell them; fields without one are left for the writer to set. */
export const defaultsOf = (catalog: Catalog): Defaults => {
  const known = new Map<string, Readonly<Record<string, unknown>>>()
  for (const { name, fields } of catalog.resources.values()) {
    known.set(name, Object.fromEntries(Object.entries(fields).map(([field, { fill }]) => [field, fill])))
  }
  return (resource) => known.get(resource) ?? {}
}
