import type { Mirror } from '../../mirror/index.ts'
import { keyText, pick, type Resource, type Values } from '../../model/index.ts'
import { CREATED } from './id-map.ts'

/** What tells a row of the new store from all others. */
export type RowId = string

export const rowId = (resource: string, key: Values): RowId => `${resource}\n${keyText(key)}`

/** A row that the migration made. */
export interface MadeRow {
  readonly id: RowId
  readonly resource: Resource
  /** Key of the old row that it was made for. */
  readonly from: string
  readonly to: Values
  readonly values: Values
  /** The made row that it came inside, or that it was added to; the row itself where it stands alone. */
  readonly root: RowId
}

/** What a migration made of one resource. */
export interface MadeOf {
  readonly resource: Resource
  readonly rows: readonly MadeRow[]
  /** Old rows of which somebody took out what was made for them. */
  readonly gone: readonly { readonly from: string; readonly to: Values }[]
  /** Rows that were there before it. */
  readonly before: number
}

/** Rows that the id map knows as made, resource by resource in the order given: rows come after those that they belong to. */
export const madeRows = (mirror: Mirror, source: string, resources: readonly Resource[]): readonly MadeOf[] => {
  const roots = new Map<RowId, RowId>()
  return resources.map((resource) => {
    const links = mirror.links(source, resource.name)
    const made = links.filter(({ how }) => how === CREATED)
    const rows = made.flatMap(({ from, ...link }): MadeRow[] => {
      // The id map keeps the parts of a key in the order of their names.
      const to = pick(link.to, resource.key)
      const values = mirror.row(resource, to)
      if (!values) return []
      const id = rowId(resource.name, to)
      const root = roots.get(ownerOf(resource, values) ?? '') ?? id
      roots.set(id, root)
      return [{ id, resource, from, to, values, root }]
    })
    const here = new Set(rows.map(({ from }) => from))
    return {
      resource,
      rows,
      gone: made.filter(({ from }) => !here.has(from)),
      before: links.length - made.length,
    }
  })
}

/** The row that a row belongs to: it lies inside it, or it is a pair of which that is the unit. */
export const ownerOf = ({ part, api, fields, key, unit }: Resource, values: Values): RowId | undefined => {
  const pair = key.every((name) => fields[name]?.ref) ? (unit ?? key[0]) : undefined
  const link = part?.link ?? api.within?.link ?? (key.length > 1 ? pair : undefined)
  const parent = link === undefined ? undefined : fields[link]?.ref
  return link === undefined || parent === undefined ? undefined : rowId(parent, pick(values, [link]))
}
