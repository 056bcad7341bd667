import type { Timeline } from './timeline.ts'

/** A stored row: an id and whatever the API shows of it. Rows are never changed in place. */
export interface Row {
  readonly id: number
  readonly [field: string]: unknown
}

export interface TableOptions<R extends Row> {
  /** Id of the first row. */
  readonly firstId: number
  /** Look-ups by name: the keys under which a row is found. */
  readonly indexes?: Readonly<Record<string, (row: R) => string | number | undefined>>
}

/**
 * Rows by numeric id, ids only growing, with the recent past of each row. Reads follow the timeline's `readAt`: while it is set
 * they give the rows as they stood then, which is what stale reads and replica lag are made of.
 */
export class Table<R extends Row = Row> {
  readonly #timeline: Timeline
  readonly #indexes: ReadonlyMap<string, Index<R>>
  readonly #rows = new Map<number, R>()
  readonly #past = new Map<number, Past<R>[]>()
  #nextId: number
  #sorted: readonly R[] | undefined

  constructor(timeline: Timeline, { firstId, indexes = {} }: TableOptions<R>) {
    this.#timeline = timeline
    this.#nextId = firstId
    this.#indexes = new Map(Object.entries(indexes).map(([name, keyOf]) => [name, { keyOf, ids: new Map() }]))
  }

  /** Stores a new row under the next id, or under its own where it brings one. */
  insert(row: Omit<R, 'id'> & { readonly id?: number }): R {
    const id = row.id ?? this.#nextId
    if (this.#rows.has(id)) throw new RangeError(`a row with id ${id} exists`)
    // Spread and not Object.assign, whose result the engine keeps as a slow dictionary.
    const placed = { id, ...row }
    const whole = (placed.id === id ? placed : { ...placed, id }) as unknown as R
    this.#nextId = Math.max(this.#nextId, id + 1)
    this.#put(id, undefined, whole)
    return whole
  }

  /** Replaces some fields. @throws {RangeError} when there is no such row. */
  update(id: number, changes: Partial<Omit<R, 'id'>>): R {
    const before = this.#rows.get(id)
    if (!before) throw new RangeError(`no row with id ${id}`)
    const after = { ...before, ...changes, id }
    this.#put(id, before, after)
    return after
  }

  delete(id: number): boolean {
    const before = this.#rows.get(id)
    if (before) this.#put(id, before, undefined)
    return before !== undefined
  }

  get(id: number): R | undefined {
    const { readAt } = this.#timeline
    return readAt === undefined ? this.#rows.get(id) : this.#asOf(id, readAt)
  }

  has(id: number): boolean {
    return this.get(id) !== undefined
  }

  /** Every row by ascending id. */
  list(): readonly R[] {
    const { readAt } = this.#timeline
    if (readAt !== undefined) return this.#listAsOf(readAt)
    this.#sorted ??= [...this.#rows.values()].sort((a, b) => a.id - b.id)
    return this.#sorted
  }

  /** Rows under a key of one of the table's indexes, by ascending id. */
  where(index: string, key: string | number): readonly R[] {
    const { keyOf, ids } = this.#index(index)
    if (this.#timeline.readAt !== undefined) return this.list().filter((row) => keyOf(row) === key)
    const found = [...(ids.get(key) ?? [])].sort((a, b) => a - b)
    return found.map((id) => this.#rows.get(id)).filter((row) => row !== undefined)
  }

  get size(): number {
    return this.#timeline.readAt === undefined ? this.#rows.size : this.list().length
  }

  #put(id: number, before: R | undefined, after: R | undefined): void {
    this.#store(id, before, after)
    if (this.#timeline.begun) this.#remember(id, before)
    this.#timeline.onUndo(() => {
      this.#store(id, after, before)
      this.#past.get(id)?.pop()
    })
  }

  #store(id: number, before: R | undefined, after: R | undefined): void {
    for (const { keyOf, ids } of this.#indexes.values()) {
      if (before) removeFrom(ids, keyOf(before), id)
      if (after) addTo(ids, keyOf(after), id)
    }
    if (after) this.#rows.set(id, after)
    else this.#rows.delete(id)
    this.#sorted = undefined
  }

  #remember(id: number, row: R | undefined): void {
    const until = this.#timeline.now()
    const past = (this.#past.get(id) ?? []).filter((one) => one.until > until - MEMORY_MS)
    past.push({ until, row })
    this.#past.set(id, past)
  }

  #asOf(id: number, at: number): R | undefined {
    const past = this.#past.get(id)?.find(({ until }) => until > at)
    return past ? past.row : this.#rows.get(id)
  }

  #listAsOf(at: number): readonly R[] {
    const ids = new Set([...this.#rows.keys(), ...this.#past.keys()])
    const rows = [...ids].map((id) => this.#asOf(id, at)).filter((row) => row !== undefined)
    return rows.sort((a, b) => a.id - b.id)
  }

  #index(name: string): Index<R> {
    const index = this.#indexes.get(name)
    if (!index) throw new RangeError(`the table has no index ${name}`)
    return index
  }
}

/** How long a row's past is kept, ms. */
const MEMORY_MS = 600_000

interface Past<R> {
  readonly until: number
  readonly row: R | undefined
}

interface Index<R> {
  readonly keyOf: (row: R) => string | number | undefined
  readonly ids: Map<string | number, Set<number>>
}

const addTo = (ids: Index<Row>['ids'], key: string | number | undefined, id: number): void => {
  if (key === undefined) return
  const known = ids.get(key)
  if (known) known.add(id)
  else ids.set(key, new Set([id]))
}

const removeFrom = (ids: Index<Row>['ids'], key: string | number | undefined, id: number): void => {
  if (key === undefined) return
  const known = ids.get(key)
  known?.delete(id)
  if (known?.size === 0) ids.delete(key)
}
