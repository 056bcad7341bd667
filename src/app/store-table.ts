import { type Catalog, type Measures, type Resource, UsageError, type Value } from '../model/index.ts'
import type { LookupTable } from '../sources/index.ts'
import type { Workspace } from './workspace.ts'

/**
 * What a store measures and counts in, as its mirror knows it, looked up by `weight`, `length` and `places`.
 * @throws {UsageError} from `read`, when the mirror does not hold it, or holds a word that means no unit.
 */
export const storeTable = (catalog: Catalog, store: string, withMirror: Workspace['withMirror']): LookupTable => ({
  value: 'value',
  read: () =>
    withMirror(store, (mirror) => {
      const resource = measuring(catalog)
      const fields = Object.values(resource.measures).map(({ field }) => field)
      const [row] = mirror.lookup(resource, resource.key, fields).all()
      if (!row) {
        throw new UsageError(`the mirror of store ${store} does not hold ${resource.name}, which says its units`, {
          where: `stores.${store}.resources`,
          hint: `name ${resource.name} there, and run \`skiff pull ${store}\``,
        })
      }
      return new Map(
        Object.entries(resource.measures).map(([fact, measure]) => [
          fact,
          [factOf(store, measure, row.values[measure.field])],
        ]),
      )
    }),
})

const measuring = ({ resources }: Catalog): Measuring => {
  const found = [...resources.values()].find(isMeasuring)
  if (!found) throw new Error('no resource says what a store measures in')
  return found
}

type Measuring = Resource & { readonly measures: Measures }

const isMeasuring = (resource: Resource): resource is Measuring => resource.measures !== undefined

const factOf = (
  store: string,
  measure: Measures['places'] & Partial<Measures['weight']>,
  value: Value | undefined,
): string => {
  const text = value === null || value === undefined ? '' : String(value)
  const fact = measure.words ? measure.words[text.toLowerCase()] : text
  if (fact) return fact
  throw new UsageError(`${measure.field} of store ${store} is ${JSON.stringify(text)}, which is not known here`, {
    hint: 'name the unit in the expression instead of "store"',
  })
}
