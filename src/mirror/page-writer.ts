import { hash } from 'node:crypto'
import { type Body, type Catalog, type Enclosing, lookUp, type Resource, stableJson } from '../model/index.ts'
import { compileInner } from './children.ts'
import type { Cell } from './column.ts'
import type { DatedEditsBook } from './dated-edits.ts'
import type { Db } from './file.ts'
import { compileReader, keyOnly } from './reader.ts'
import { type Mark, type RowStore, rowStore } from './row-store.ts'
import { recaller } from './sent.ts'
import { rowKey, type Table, tableNamed } from './table.ts'
import { type UnreadBook, unreadBook } from './unread.ts'

interface Written {
  readonly counts: readonly PageCounts[]
  readonly bad: readonly BadRow[]
  /** Keys that the page named, the unreadable rows' included where their key is readable. */
  readonly met: ReadonlySet<string | number>
}

/** One parent row as it came in a page, with the children that came inside it. */
export interface Incoming {
  readonly body: Body
  /** The body as it was written, which tells one that is the same again. */
  readonly text?: string
  /** Enclosing bodies where a listing holds several rows in one element. */
  readonly enclosing?: readonly Body[]
}

export interface PageWrite {
  readonly resource: Resource
  /** Resources that ride inside the rows; a body without the include's key leaves those children alone. */
  readonly children: readonly Resource[]
  readonly rows: readonly Incoming[]
  /** Moment of the reading, UTC ISO-8601. */
  readonly at: string
  readonly run: string
  /** Of a listing by keys: all rows with these keys are in the page; what the mirror holds beside them is missing in the store. */
  readonly covers?: KeyRange
}

/** Keys beyond one, up to another; null where that side is open. */
export interface KeyRange {
  readonly after: number | null
  readonly upTo: number | null
}

export interface PageCounts {
  readonly resource: string
  /** Rows met, the unreadable ones included. */
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** A row that could not be read because a field has not the promised type; it is kept out, the others go on. */
export interface BadRow {
  readonly resource: string
  readonly key: string
  readonly reason: string
}

/** Writes pages of API bodies into the derived tables. The caller holds the transaction. */
export interface PageWriter {
  write(page: PageWrite, reading: Reading): Written
  /** Moves a row and what rides inside it to the removed ones; how many rows of the resource itself that were. */
  remove(resource: Resource, key: readonly Cell[], mark: Mark): number
}

/**
 * What a page is of: a pull of all rows, or of those that changed, where what a body leaves out is not set; or rows that were asked for
 * or answered, where it keeps its stored value.
 */
export type Reading = 'whole' | 'changes' | 'rows'

export const pageWriter = (
  db: Db,
  catalog: Catalog,
  tables: ReadonlyMap<string, Table>,
  datedEdits: DatedEditsBook,
): PageWriter => {
  const scribes = new Map<string, Scribe>()
  const unread = unreadBook(db)
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
      recall: recaller(db, table),
      unread,
      inner: within ? compileInner(within) : () => undefined,
      log: (before, cells, { at, run }) => {
        const changes = made.rows.changes(before, cells)
        const key = changes.length ? rowKey(table, cells) : ''
        for (const { field, from, to } of changes) {
          log.run(table.name, key, field, JSON.stringify(from), JSON.stringify(to), at, run)
        }
        return changes.map(({ field }) => field)
      },
    }
    scribes.set(name, made)
    return made
  }

  /** A row that changes by itself is no longer what its parent was read from. */
  const forgetParent = ({ rows }: Scribe, cells: readonly Cell[] | undefined): void => {
    const { link, resource } = rows.table
    const parent = resource.api.within?.parent
    if (parent && cells) scribe(parent).rows.remember([cells[link] ?? null], null)
  }

  /** What the row at hand tells of how the store dates edits. */
  const learn = (
    parent: Session,
    children: readonly Session[],
    stored: readonly Cell[],
    cells: readonly Cell[],
    isWhole: boolean,
    at: string,
  ): void => {
    const { table } = parent.rows
    const isStock = (field: string): boolean => table.resource.fields[field]?.role === 'stock'
    const own = [...parent.edited]
    const stock = own.filter(isStock).map((field) => ({ resource: table.name, field }))
    const edited = [...stock, ...editedIn(children)]
    if (!edited.length) return
    const isDated = stored[table.stamp] !== cells[table.stamp]
    const rows = () => namesOf(parent, children, cells)
    datedEdits.learn({ isDated, isWhole, isOwn: !own.every(isStock), edited, rows }, at)
  }

  return {
    write: (page, reading) => {
      const partial = reading === 'rows'
      const parent = begin(scribe(page.resource.name), partial)
      const span = spanOf(parent.rows.table, page)
      const children = page.children.map(({ name }) => begin(scribe(name), partial, span))
      const riders = page.children.map(({ name }) => name).join()
      const { table } = parent.rows
      const bad: BadRow[] = []
      const met = new Set<string | number>()
      for (const incoming of page.rows) {
        const { body, enclosing } = incoming
        parent.count.rows += 1
        const origin = partial ? null : originOf(riders, incoming)
        if (origin !== null && isAsBefore(parent, children, incoming, origin, met)) continue
        const faults = bad.length
        const cells = readOr(parent, incoming, null, met, bad)
        if (!cells) continue
        const key = keyOf(table, cells)
        const stored = parent.rows.stored(key)
        if (isOlder(cells[table.stamp] ?? null, stored?.[table.stamp])) continue
        let isMoved = false
        for (const child of children) isMoved = writeChildren(child, body, key[0] ?? null, page, bad) || isMoved
        // Rows that could not be read are to be met again the next time.
        const readFrom = bad.length === faults ? origin : null
        if (writeCells(parent, { cells, body, enclosing }, stored, readFrom, page)) forgetParent(parent, cells)
        else if (origin !== null || isMoved) parent.rows.remember(key, readFrom)
        if (stored && !partial && table.stamp >= 0) learn(parent, children, stored, cells, reading === 'whole', page.at)
        for (const session of [parent, ...children]) session.edited.clear()
      }
      return { counts: [parent, ...children].map(({ count }) => ({ ...count })), bad, met }
    },
    remove: (resource, key, mark) => {
      for (const { name, api } of catalog.resources.values()) {
        if (api.within?.parent !== resource.name) continue
        const inner = scribe(name).rows
        inner.removeOfParent(key[0] ?? null, mark)
        unread.forgetOf(inner.table, key[0] ?? null)
      }
      const gone = scribe(resource.name)
      unread.forget(gone.rows.table, key)
      if (resource.api.within) forgetParent(gone, gone.rows.stored(key))
      return gone.rows.remove(key, mark) ? 1 : 0
    },
  }
}

/** What writes the rows of one resource. */
interface Scribe {
  readonly rows: RowStore
  readonly read: (body: Body, enclosing: Enclosing | undefined) => Cell[]
  /** Adds what the API does not tell. */
  readonly recall: (cells: Cell[]) => void
  readonly inner: ReturnType<typeof compileInner>
  readonly unread: UnreadBook
  /** Records how a stored row is about to change; the fields of which that is worth recording. */
  readonly log: (before: readonly Cell[], cells: readonly Cell[], mark: Mark) => readonly string[]
}

/** A scribe at work on one page. */
interface Session extends Scribe {
  readonly count: { -readonly [K in keyof PageCounts]: PageCounts[K] }
  readonly hasRemoved: boolean
  readonly partial: boolean
  /** No row is stored of any parent on the page, as in a first pull. */
  readonly isBare: boolean
  /** Some row of it could not be read when it was met last. */
  hasUnread: boolean
  /** Fields that were met edited in rows of the parent at hand, or in itself. */
  readonly edited: Set<string>
}

const begin = (scribe: Scribe, partial: boolean, parents?: Span): Session => ({
  ...scribe,
  partial,
  edited: new Set(),
  isBare: parents !== undefined && !scribe.rows.hasOfParents(parents.from, parents.to),
  count: { resource: scribe.rows.table.name, rows: 0, added: 0, changed: 0, removed: 0 },
  hasRemoved: scribe.rows.hasRemoved(),
  hasUnread: scribe.unread.any(scribe.rows.table),
})

const editedIn = (children: readonly Session[]) =>
  children.flatMap(({ edited, rows }) => [...edited].map((field) => ({ resource: rows.table.name, field })))

/** A row and those inside it. */
const namesOf = ({ rows: { table } }: Session, children: readonly Session[], cells: readonly Cell[]) => [
  { resource: table.name, key: rowKey(table, cells) },
  ...children.flatMap(({ rows }) =>
    [...rows.ofParent(cells[table.key[0] ?? 0] ?? null).values()].map((inner) => ({
      resource: rows.table.name,
      key: rowKey(rows.table, inner),
    })),
  ),
]

interface Span {
  readonly from: number
  readonly to: number
}

/** From the smallest key of a page to its greatest; undefined where keys are no numbers, or cannot be read. */
const spanOf = (table: Table, { rows }: PageWrite): Span | undefined => {
  const keys = rows.map(({ body, enclosing }) => keyOnly(table, body, enclosing)?.[table.key[0] ?? 0])
  if (table.key.length !== 1 || !keys.every((key) => typeof key === 'number')) return undefined
  return { from: Math.min(...keys), to: Math.max(...keys) }
}

/** Tells apart what a row and the rows inside it were read from; a body that is the same again has nothing to write. */
const originOf = (riders: string, { body, text, enclosing = [] }: Incoming): string =>
  hash('sha1', riders + (text ?? JSON.stringify([body, ...enclosing])), 'base64')

const isAsBefore = (
  parent: Session,
  children: readonly Session[],
  { body, enclosing }: Incoming,
  origin: string,
  met: Set<string | number>,
): boolean => {
  const { rows } = parent
  const cells = keyOnly(rows.table, body, enclosing)
  if (!cells || rows.origin(keyOf(rows.table, cells)) !== origin) return false
  met.add(rows.keyOf(cells))
  forgetUnread(parent, cells)
  for (const { count, inner } of children) count.rows += inner(body)?.length ?? 0
  return true
}

const keyOf = ({ key }: Table, cells: readonly Cell[]): readonly Cell[] => key.map((at) => cells[at] ?? null)

/** A reading older than what is stored is not to be believed. */
const isOlder = (read: Cell, stored: Cell | undefined): boolean =>
  typeof read === 'string' && typeof stored === 'string' && read < stored

interface Row {
  readonly cells: Cell[]
  readonly body: Body
  readonly enclosing: Enclosing | undefined
}

/** False when the row is stored so already. */
const writeCells = (
  session: Session,
  row: Row,
  stored: readonly Cell[] | undefined,
  origin: string | null,
  mark: Mark,
): boolean => {
  const { rows, log, count, hasRemoved, partial, recall, edited } = session
  const { cells } = row
  if (partial && stored) keepAbsent(rows.table, row, stored)
  recall(cells)
  if (stored && cells.every((cell, at) => cell === stored[at])) return false
  if (!stored) {
    count.added += 1
    if (hasRemoved) rows.revive(keyOf(rows.table, cells))
  } else {
    const fields = log(stored, cells, mark)
    if (fields.length) count.changed += 1
    for (const field of fields) edited.add(field)
  }
  rows.put(cells, origin, mark)
  return true
}

const keepAbsent = ({ columns, link }: Table, { cells, body, enclosing }: Row, stored: readonly Cell[]): void => {
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

/** A list of children is complete: what the mirror holds beyond it is gone from the store. True when anything was written. */
const writeChildren = (session: Session, body: Body, parent: Cell, mark: Mark, bad: BadRow[]): boolean => {
  const inner = session.inner(body)
  if (!inner) return false
  const { rows, count } = session
  const { link } = rows.table
  const left = session.isBare ? new Map<string | number, readonly Cell[]>() : rows.ofParent(parent)
  const met = new Set<string | number>()
  let unread = 0
  let isMoved = false
  if (session.hasUnread) session.unread.forgetOf(rows.table, parent)
  for (const incoming of inner) {
    const { body: row, enclosing } = incoming
    count.rows += 1
    const cells = readOr(session, incoming, parent, met, bad)
    if (!cells) {
      unread += 1
      continue
    }
    cells[link] = parent
    isMoved = writeCells(session, { cells, body: row, enclosing }, left.get(rows.keyOf(cells)), null, mark) || isMoved
  }
  // An unreadable child may be any of those that are left, so none of them is known to be gone.
  if (unread > 0) return isMoved
  for (const key of left.keys()) {
    if (met.has(key)) continue
    rows.remove(typeof key === 'string' && rows.table.key.length > 1 ? JSON.parse(key) : [key], mark)
    count.removed += 1
    isMoved = true
  }
  return isMoved
}

/** A row that cannot be read is told, and its key is kept until it can. */
const readOr = (
  session: Session,
  { body, enclosing }: Incoming,
  parent: Cell,
  met: Set<string | number>,
  bad: BadRow[],
): Cell[] | undefined => {
  const { rows, read, unread } = session
  try {
    const cells = read(body, enclosing)
    if (rows.table.key.some((at) => cells[at] === null))
      throw new TypeError(`${rows.table.name} has a row without a key`)
    met.add(rows.keyOf(cells))
    forgetUnread(session, cells)
    return cells
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    const key = keyOnly(rows.table, body, enclosing)
    if (key) {
      met.add(rows.keyOf(key))
      unread.note(rows.table, keyOf(rows.table, key), parent, cause.message)
      session.hasUnread = true
    }
    bad.push({ resource: rows.table.name, key: key ? rowKey(rows.table, key) : '', reason: cause.message })
    return undefined
  }
}

const forgetUnread = ({ rows, unread, hasUnread }: Session, cells: readonly Cell[]): void => {
  if (hasUnread) unread.forget(rows.table, keyOf(rows.table, cells))
}
