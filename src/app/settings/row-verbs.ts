import { type Catalog, pathFields, type Resource } from '../../model/index.ts'
import { BY_THE_STORE } from './defaults.ts'
import { targetFields } from './fields.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawSync } from './schema.ts'
import { isDatabase, type SourceSettings } from './types.ts'

/** What becomes of a row as a whole: made, hidden or deleted where its resource can be. */
export const checkVerbs = (reading: Reading, path: Path, raw: RawSync): void => {
  const resource = reading.catalog.resources.get(raw.resource)
  if (raw.create && (!resource?.api.create || cannotStandAlone(resource))) {
    reading.add(
      [...path, 'create'],
      `rows of ${raw.resource} cannot be created by themselves${derivedHint(reading.catalog, raw.resource)}.`,
    )
  } else if (raw.create && resource && unnamed(resource, raw).length > 0) {
    reading.add(
      [...path, 'create'],
      `a new row of ${raw.resource} is named by ${unnamed(resource, raw).join(' and ')}; put it into "key".`,
    )
  } else if (raw.create && resource) {
    checkNew(reading, [...path, 'create'], raw, resource)
  }
  if (raw.remove === 'delete' && resource && (!resource.api.delete || resource.tree)) {
    reading.add([...path, 'remove'], `rows of ${raw.resource} cannot be deleted.`)
  }
  if (raw.remove === 'hide' && !targetFields(reading.catalog, raw.resource).has('is_visible')) {
    reading.add([...path, 'remove'], `rows of ${raw.resource} cannot be hidden; they have no field is_visible.`)
  }
}

/** What BigCommerce wants of a new row is said, and so is what decides how it is sold. */
const checkNew = (reading: Reading, path: Path, raw: RawSync, { fields, api }: Resource): void => {
  const given = [raw.fields, raw.key, raw.createDefaults, raw.group?.variants ?? {}]
  const after = api.create?.follow?.given
  const wanted = [
    ...Object.entries(fields).flatMap(([name, { required, forNew }]) =>
      (required || forNew !== undefined) && !given.some((one) => name in one) ? [{ name, plainest: forNew }] : [],
    ),
    ...(after !== undefined && !(after in raw.createDefaults) ? [{ name: after, plainest: BY_THE_STORE }] : []),
  ]
  if (!wanted.length) return
  const toType = wanted.flatMap(({ name, plainest }) =>
    plainest === undefined ? [] : `"${name}": ${JSON.stringify(plainest)}`,
  )
  const example = toType.length ? `, such as "createDefaults": { ${toType.join(', ')} }` : ' in "createDefaults"'
  reading.add(
    path,
    `a new row of ${raw.resource} needs ${wanted.map(({ name }) => name).join(', ')}; map what the source knows in "fields", or give the same to all${example}.`,
  )
}

/** Parts of others whose key cannot say what they belong to. */
const cannotStandAlone = ({ part, match }: Resource): boolean => part !== undefined && !match.includes(part.link)

/** What a request needs to name a new row by, and what it belongs to, as far as the key does not hold it. */
const unnamed = ({ api: { create }, part }: Resource, { key }: RawSync): readonly string[] => {
  const { names, path } = create ?? { names: [], path: '' }
  const inBody = 'always' in names ? names.always : names
  const always = [...new Set([...(part ? [part.link] : []), ...pathFields(path), ...inBody])]
  const either = 'always' in names ? names.oneOf : []
  return [
    ...always.filter((name) => !(name in key)),
    ...(either.length && !either.some((name) => name in key) ? [either.join(' or ')] : []),
  ]
}

const derivedHint = (catalog: Catalog, resource: string): string => {
  const parent = catalog.derived.get(resource)?.parent ?? catalog.resources.get(resource)?.part?.parent
  return parent === undefined ? '' : `; create ${parent} with a sync of that resource`
}

/** Rows are added to what takes rows and is written to, and each of them stands for itself. */
export const checkInsert = (reading: Reading, path: Path, raw: RawSync, source: SourceSettings | undefined): void => {
  if (!raw.insert) return
  if (source && !(isDatabase(source) && source.write))
    reading.add(path, `adds rows to source "${raw.source}", which has to be a table of a database with "write": true.`)
  else if (raw.group) reading.add(path, 'is for rows that stand for themselves; leave "group" out.')
}
