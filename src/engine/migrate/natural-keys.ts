import { choiceText, stemOfAddress, stemOfFile } from '../../diff/index.ts'
import {
  type Catalog,
  chosenRows,
  matchText,
  pick,
  type Resource,
  stableJson,
  type Value,
  type Values,
} from '../../model/index.ts'
import { choicesOf } from '../chosen-key.ts'

/** A way to know a row again in another store. */
export interface NaturalKey {
  /** For people: the fields. */
  readonly name: string
  readonly fields: readonly string[]
  /** What a row says of itself; undefined where it says nothing. */
  text(row: Values): string | undefined
}

/** The ways to know a resource's rows, best first. */
export const naturalKeys = (catalog: Catalog, resource: Resource): readonly NaturalKey[] => {
  const byFields = (resource.moves?.by ?? []).map((fields): NaturalKey => {
    const text = (row: Values) => {
      const said = Object.fromEntries(fields.map((field) => [field, saidOf(resource, field, row)]))
      // Nothing names a row, too, where a field may be blank in a key.
      const isSaid = (field: string) => said[field] !== null || (field in row && resource.fields[field]?.blankKey)
      return fields.every(isSaid) ? matchText(said) : undefined
    }
    return { name: fields.join(', '), fields, text }
  })
  const { same } = resource.moves ?? {}
  const [key = 'id'] = resource.key
  const isSame = (row: Values) => (same?.includes(Number(row[key])) ? String(row[key]) : undefined)
  const ways = same ? [{ name: key, fields: [key], text: isSame }, ...byFields] : byFields
  const chosen = chosenRows(catalog, resource.name)
  if (!chosen) return ways
  const { nest, link } = chosen
  const text = (row: Values) =>
    (row[link] ?? null) === null
      ? undefined
      : `${String(row[link])}\n${choiceText(choicesOf(row[nest.choices], nest.values.choice))}`
  return [...ways, { name: nest.choices, fields: [link, nest.choices], text }]
}

/**
 * What a row says in one field of a key. What was made from an address goes by the name of its file: the store keeps that, and nobody
 * remembers the address of what came inside another row. A list of objects tells without what the store adds to them, in any order.
 */
const saidOf = ({ sent, fields }: Resource, field: string, row: Values): Value => {
  const value = row[field] ?? null
  const { sends } = fields[field] ?? {}
  if (sends && Array.isArray(value)) return value.map((one) => stableJson(pick(one as Values, sends))).sort()
  const file = sent && (row[sent.file] ?? null)
  if (sent && field === sent.from && value !== null) return stemOfAddress(String(value))
  const isNamed = sent && (field === sent.from || field === sent.file) && file !== null
  return isNamed ? stemOfFile(String(file)) : value
}
