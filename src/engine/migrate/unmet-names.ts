import { nameField, type Resource, type UnmetName } from '../../model/index.ts'
import type { Moving } from './moving.ts'

/** What people say that rows are to be called, of rows that the old store does not have: a slip of the pen would pass in silence. */
export const unmetNames = ({ from, options }: Moving, resources: readonly Resource[]): readonly UnmetName[] =>
  Object.entries(options.names).flatMap(([as, names]) => {
    const met = new Set<string>()
    const holders = resources.filter(({ name, moves }) => name === as || moves?.said?.as === as)
    for (const resource of holders) {
      const { said } = resource.moves ?? {}
      const fields = said?.as === as ? said.words : [nameField(resource)]
      for (const { values } of from.mirror.lookup(resource, resource.key).all())
        for (const field of fields) met.add(String(values[field] ?? ''))
    }
    // Of resources that are not copied this time nothing is known.
    return holders.length ? Object.keys(names).flatMap((name) => (met.has(name) ? [] : [{ resource: as, name }])) : []
  })
