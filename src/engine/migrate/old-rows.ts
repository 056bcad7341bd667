import {
  canonical,
  type Moves,
  nameField,
  type Resource,
  refusal,
  sameValue,
  type Value,
  type Values,
} from '../../model/index.ts'
import { meaningOf } from './meanings.ts'
import type { Moving } from './moving.ts'
import { withNotes } from './notes.ts'
import { tells } from './told-fields.ts'

/** A row of the old store: as it stands there, and as it is to stand in the new one but for its references. */
export interface OldRow {
  readonly held: Values
  readonly says: Values
  /** People say what it is called in the new store. */
  readonly isNamed?: true
}

/** Every row of a resource in the old store, in key order. */
export function* oldRows(moving: Moving, resource: Resource): Generator<OldRow> {
  for (const { values } of moving.from.mirror.lookup(resource, resource.key).all())
    yield oldRow(moving, resource, values)
}

export const oldRow = (
  { from, options }: Pick<Moving, 'from' | 'options'>,
  resource: Resource,
  held: Values,
): OldRow => {
  const { given = {}, takes = {}, noted, said, worded, first } = resource.moves ?? {}
  const isTold = tells(from.catalog.resources.get(resource.name), held)
  const known = Object.entries(held).filter(([field, value]) => value !== null || isTold(field))
  const says: Record<string, Value> = { ...Object.fromEntries(known), ...given }
  for (const [field, of] of Object.entries(takes)) {
    const facts = resource.fields[field]
    const value = held[of] ?? null
    says[field] = facts && value !== null ? canonical(facts, facts.kind === 'text' ? String(value) : value) : value
  }
  if (noted) {
    const saysOf = (of: Resource, row: Values) => oldRow({ from, options }, of, row).says
    says[noted.field] = withNotes(from, resource, noted, held, saysOf)
  }
  if (worded) says[worded.field] = withWords(resource, worded, held)
  if (first) says[first.field] = firstOf(from, resource, first, held)
  if (said) says[said.field] = meaningOf(resource, said, held, options.names)
  const called = nameField(resource)
  const name = says[called]
  const renamed = typeof name === 'string' ? options.names[resource.name]?.[name] : undefined
  if (renamed !== undefined) says[called] = renamed
  const named = renamed === undefined ? {} : { isNamed: true as const }
  return { held, says: options.transform?.(resource.name, says) ?? says, ...named }
}

/** Why a row is not to be copied; undefined where it is. */
export const whyItStays = ({ options }: Pick<Moving, 'options'>, { moves }: Resource, { says }: OldRow) =>
  moves?.stays?.find(
    ({ field, value }) =>
      sameValue(says[field], value) &&
      !(moves.said?.field === field && options.names[moves.said.as]?.[String(value)] === String(value)),
  )

/** Itself where it is the only one there is. */
const firstOf = (
  { mirror, catalog }: Moving['from'],
  { fields }: Resource,
  { field, of }: NonNullable<Moves['first']>,
  held: Values,
): Value => {
  const siblings = catalog.resources.get(fields[field]?.ref ?? '')
  const [first] = siblings ? mirror.rowsWhere(siblings, of, held[of] ?? null) : []
  return first?.[siblings?.key[0] ?? 'id'] ?? held[field] ?? null
}

const withWords = ({ fields }: Resource, worded: NonNullable<Moves['worded']>, held: Values): string => {
  const [name, value] = worded.words
  const list = held[worded.list]
  const words = (Array.isArray(list) ? (list as Values[]) : []).map((one) => `${one[name]}: ${one[value]}`)
  const text = String(held[worded.field] ?? '')
  return (words.length ? `${text} (${words.join(', ')})` : text).slice(0, fields[worded.field]?.max)
}

/** Why what a row takes from another of its fields can be set in no new row. */
export const whyUnfit = ({ fields, moves }: Resource, says: Values): string | undefined => {
  for (const name of Object.keys(moves?.takes ?? {})) {
    const field = fields[name]
    const value = says[name] ?? null
    if (!field?.required) continue
    const reason = value === null ? 'not told by the old store' : refusal(field, value)
    if (reason !== undefined) return `${name} is ${reason}`
  }
  return undefined
}

/** Whether a row changed lately enough to be looked at. */
export const isRecent = (
  { options: { since } }: Pick<Moving, 'options'>,
  { api }: Resource,
  { held }: OldRow,
): boolean => {
  const field = api.list?.since?.field
  const changed = field === undefined ? null : (held[field] ?? null)
  return since === null || changed === null || String(changed) >= since
}
