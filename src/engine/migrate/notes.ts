import { linkTo, type Moves, type Resource, type Spread, type Values } from '../../model/index.ts'
import type { Moving } from './moving.ts'

type Noted = NonNullable<Moves['noted']>
type SaysOf = (resource: Resource, row: Values) => Values

/** The text of a field of an old row with where the row comes from, as far as it fits. */
export const withNotes = (
  from: Moving['from'],
  resource: Resource,
  { field, text, spread }: Noted,
  held: Values,
  saysOf: SaysOf,
): string => {
  const isSpread = spread && Number(held[spread.where.field]) > spread.where.above
  const lines = [
    held[field],
    ...notes(text, held),
    ...(isSpread ? spreadNotes(from, resource, spread, held, saysOf) : []),
  ]
  return lines.filter(Boolean).join('\n').slice(0, resource.fields[field]?.max)
}

const notes = (text: string, held: Values): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const isWhole = [...line.matchAll(BLANK)].every(([, name = '']) => (held[name] ?? '') !== '')
    return isWhole ? [filled(line, held)] : []
  })

const spreadNotes = (
  { mirror, catalog }: Moving['from'],
  { name, key }: Resource,
  spread: Spread,
  held: Values,
  saysOf: SaysOf,
): readonly string[] => {
  const [places, rows] = [catalog.resources.get(spread.places), catalog.resources.get(spread.rows)]
  if (!places || !rows) return []
  const inside = (of: Resource) => mirror.rowsWhere(of, linkTo(of, name), held[key[0] ?? 'id'] ?? null)
  const all = inside(rows)
  return inside(places).map((place) => {
    const own = all.filter((row) => row[spread.by] === place[places.key[0] ?? 'id'])
    return filled(spread.place, place) + own.map((row) => filled(spread.row, saysOf(rows, row))).join('; ')
  })
}

const filled = (text: string, row: Values): string =>
  text.replace(BLANK, (_all, name: string) => String(row[name] ?? ''))

const BLANK = /\{(\w+)\}/g
