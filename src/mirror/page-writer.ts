import { type Body, type Catalog, type Enclosing, lookUp, type Resource, stableJson } from '../model/index.ts'
import { compileInner } from './children.ts'
import type { Cell } from './column.ts'
import type { Db } from './file.ts'
import { compileReader, keyOnly } from './reader.ts'
import { type Mark, type RowStore, rowStore } from './row-store.ts'
import { rowKey, type Table, tableNamed } from './table.ts'
import type { BadRow, PageCounts, PageWrite } from './types.ts'

interface Written {
  readonly counts: readonly PageCounts[]
  readonly bad: readonly BadRow[]
  /** Keys that the page named, the unreadable rows' included where their key is readable. */
  readonly met: ReadonlySet<string | number>
}

/** Writes pages of API bodies into the derived tables. The caller holds the transaction. */
export interface PageWriter {
  /** With `partial`, what a body leaves out keeps its stored value; a page of a pull means "not set" by it. */
  write(page: PageWrite, partial?: boolean): Written
  /** Moves a row and what rides inside it to the removed ones; how many rows of the resource itself that were. */
  remove(resource: Resource, key: readonly Cell[], mark: Mark): number
}

export const pageWriter = (db: Db, catalog: Catalog, tables: ReadonlyMap<string, Table>): PageWriter => {
  const scribes = new Map<string, Scribe>()
  const log = db.prepare(
    `INSERT INTO sync_change_log (resource, key, field, from_value, to_value, at, run) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const scribe = (name: string): Scribe => {
    const known = scribes.get(name)
    if (known) return known
    const table = tableNamed(tables, name)
    const { within } = table.resource.api
    const made: Scribe = {
      rows: rowStore(db, table),
      read: compileReader(table, catalog),
      inner: within ? compileInner(within) : () => undefined,
      log: (cells, { at, run }) => {
        const changes = made.rows.changes(cells)
        const key = changes.length ? rowKey(table, cells) : ''
        for (const { field, from, to } of changes) {
          log.run(table.name, key, field, JSON.stringify(from), JSON.stringify(to), at, run)
        }
        return changes.length > 0
      },
    }
    scribes.set(name, made)
    return made
  }

  return {
    write: (page, partial = false) => {
      const parent = begin(scribe(page.resource.name), partial)
      const children = page.children.map(({ name }) => begin(scribe(name), partial))
      const bad: BadRow[] = []
      const met = new Set<string | number>()
      for (const { body, enclosing } of page.rows) {
        parent.count.rows += 1
        const cells = readOr(parent, body, enclosing, met, bad)
        const known = cells && parent.rows.known(cells)
        if (!cells || isOlder(cells[parent.rows.table.stamp] ?? null, known?.stamp)) continue
        writeCells(parent, { cells, body, enclosing }, known?.hash, page)
        const key = cells[parent.rows.table.key[0] ?? 0] ?? null
        for (const child of children) writeChildren(child, body, key, page, bad)
      }
      return { counts: [parent, ...children].map(({ count }) => ({ ...count })), bad, met }
    },
    remove: (resource, key, mark) => {
      for (const { name, api } of catalog.resources.values()) {
        if (api.within?.parent === resource.name) scribe(name).rows.removeOfParent(key[0] ?? null, mark)
      }
      return scribe(resource.name).rows.remove(key, mark) ? 1 : 0
    },
  }
}

/** What writes the rows of one resource. */
interface Scribe {
  readonly rows: RowStore
  readonly read: (body: Body, enclosing: Enclosing | undefined) => Cell[]
  readonly inner: ReturnType<typeof compileInner>
  /** Records how a stored row is about to change; false when nothing of it is worth recording. */
  readonly log: (cells: readonly Cell[], mark: Mark) => boolean
}

/** A scribe at work on one page. */
interface Session extends Scribe {
  readonly count: { -readonly [K in keyof PageCounts]: PageCounts[K] }
  readonly hasRemoved: boolean
  readonly partial: boolean
}

const begin = (scribe: Scribe, partial: boolean): Session => ({
  ...scribe,
  partial,
  count: { resource: scribe.rows.table.name, rows: 0, added: 0, changed: 0, removed: 0 },
  hasRemoved: scribe.rows.hasRemoved(),
})

/** A reading older than what is stored is not to be believed. */
const isOlder = (read: Cell, stored: Cell | undefined): boolean =>
  typeof read === 'string' && typeof stored === 'string' && read < stored

interface Row {
  readonly cells: Cell[]
  readonly body: Body
  readonly enclosing: Enclosing | undefined
}

const writeCells = (session: Session, row: Row, stored: string | undefined, mark: Mark): void => {
  const { rows, log, count, hasRemoved, partial } = session
  const { cells } = row
  if (partial && stored !== undefined) keepAbsent(rows, row)
  const rowHash = rows.hashOf(cells)
  if (stored === rowHash) return
  if (stored === undefined) {
    count.added += 1
    if (hasRemoved) rows.revive(cells)
  } else if (log(cells, mark)) {
    count.changed += 1
  }
  rows.put(cells, rowHash, mark)
}

const keepAbsent = (rows: RowStore, { cells, body, enclosing }: Row): void => {
  const stored = rows.stored(cells)
  const { columns, link } = rows.table
  for (const [at, { name, field }] of columns.entries()) {
    const absent = at !== link && lookUp(body, field.at ?? name, enclosing) === undefined
    if (absent) cells[at] = stored[at] ?? null
  }
  const extra = columns.length
  cells[extra] = mergedExtra(stored[extra] ?? null, cells[extra] ?? null)
}

const mergedExtra = (stored: Cell, read: Cell): Cell =>
  stored === null || read === null
    ? (read ?? stored)
    : stableJson({ ...JSON.parse(String(stored)), ...JSON.parse(String(read)) })

/** A list of children is complete: what the mirror holds beyond it is gone from the store. */
const writeChildren = (session: Session, body: Body, parent: Cell, mark: Mark, bad: BadRow[]): void => {
  const inner = session.inner(body)
  if (!inner) return
  const { rows, count } = session
  const { link } = rows.table
  const left = rows.ofParent(parent)
  const met = new Set<string | number>()
  let unread = 0
  for (const { body: row, enclosing } of inner) {
    count.rows += 1
    const cells = readOr(session, row, enclosing, met, bad)
    if (!cells) {
      unread += 1
      continue
    }
    cells[link] = parent
    writeCells(session, { cells, body: row, enclosing }, left.get(rows.keyOf(cells)), mark)
  }
  // An unreadable child may be any of those that are left, so none of them is known to be gone.
  if (unread > 0) return
  for (const key of left.keys()) {
    if (met.has(key)) continue
    rows.remove(typeof key === 'string' && rows.table.key.length > 1 ? JSON.parse(key) : [key], mark)
    count.removed += 1
  }
}

const readOr = (
  { rows, read }: Session,
  body: Body,
  enclosing: Enclosing | undefined,
  met: Set<string | number>,
  bad: BadRow[],
): Cell[] | undefined => {
  try {
    const cells = read(body, enclosing)
    if (rows.table.key.some((at) => cells[at] === null))
      throw new TypeError(`${rows.table.name} has a row without a key`)
    met.add(rows.keyOf(cells))
    return cells
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const key = keyOnly(rows.table, body, enclosing)
    if (key) met.add(rows.keyOf(key))
    bad.push({ resource: rows.table.name, key: key ? rowKey(rows.table, key) : '', reason: cause.message })
    return undefined
  }
}
