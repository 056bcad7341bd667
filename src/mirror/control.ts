import type { Statement } from 'better-sqlite3'
import {
  type Compilable,
  DummyDriver,
  type Generated,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Fence } from './fence.ts'
import { type Db, isOfDisk, unusable } from './file.ts'

/** The control tables, as `migrations/` makes them. JSON columns hold text. */
export interface ControlTables {
  sync_store: { id: number; hash: string; domain: string; currency: string; linked_at: string }
  sync_pull: {
    pull: Generated<number>
    resource: string
    full: number
    since: string | null
    cursor: number | null
    open: string
    counts: string
    started: string
    run: string
    finished: string | null
    complete: Generated<number>
    expected: number | null
  }
  sync_freshness: {
    resource: string
    pull: number
    complete: number
    as_of: string | null
    watermark: string | null
    full_as_of: Generated<string | null>
  }
  sync_seen: { pull: number; key: string }
  sync_missing: { resource: string; key: string; pull: number }
  sync_unread: { resource: string; key: string; parent: string | null; reason: string }
  sync_change_log: {
    seq: number
    resource: string
    key: string
    field: string
    from_value: string
    to_value: string
    at: string
    run: string
  }
  sync_run: {
    number: number
    run: string
    verb: string
    what: string
    started: string
    finished: string | null
    state: string
    exit: number | null
    report: string | null
  }
  sync_plan: {
    number: number
    plan: string
    sync: string
    hash: string
    created: string
    expires: string
    state: string
    body: string
  }
  sync_change: { plan: string; change: number; state: string; reason: string | null }
  sync_journal: {
    seq: number
    plan: string
    change: number
    run: string
    at: string
    from_state: string
    to_state: string
    evidence: string
    prev_sha: string
    sha: string
    epoch: number | null
  }
  sync_journal_anchor: { id: number; seq: number; sha: string; at: string }
  sync_lease: { id: number; epoch: number; host: string; pid: number; started: string; clean: number }
  sync_base: { sync: string; key: string; entity: string; fields: string; at: string }
  sync_snapshot: {
    id: Generated<number>
    sync: string
    at: string
    accepted: number
    rows: number
    rejected: number
    matched: number
    sha256: string
    modified: string | null
    origin: string
    columns: string | null
    config: string | null
  }
  sync_applied: {
    id: Generated<number>
    resource: string
    key: string
    field: string
    from_value: string
    to_value: string
    at: string
  }
  sync_conflict: {
    number: Generated<number>
    sync: string
    resource: string
    match: string
    key: string
    entity: string
    label: string | null
    line: number | null
    field: string
    base: string
    store: string
    source: string
    store_at: string | null
    source_at: string | null
    plan: string
    since: string
    settled: Generated<string | null>
    decision: Generated<string | null>
  }
  sync_pace: {
    id: number
    quota: number | null
    window_ms: number | null
    median_ms: number
    p95_ms: number
    requests: number
    at: string
  }
  sync_settle: {
    id: Generated<number>
    resource: string
    lag_ms: number
    settle_ms: number
    run: string
    plan: string
    at: string
  }
  sync_sent: { resource: string; key: string; parent: string; address: string; file: string; at: string }
  sync_behind: { source: string; resource: string; from_key: string; print: string | null; reason: string }
  sync_move_files: { source: string; map: string | null; transform: string | null }
  sync_list: { resource: string; of: number; date: string }
  sync_link: {
    source: string
    resource: string
    from_key: string
    to_key: string
    how: string
    run: string
    at: string
  }
  sync_look: { address: string; sha256: string; etag: string | null; modified: string | null; at: string }
  sync_open_row: { sync: string; key: string; state: string; reason: string; since: string }
  sync_watermark: {
    sync: string
    plan: string
    ended: number
    watermark: string
    read_at: string
    bound: string
    whole_at: string
    matched: number
    in_stock: number
  }
  sync_unsettled: {
    resource: string
    key: string
    field: string
    value: string
    before: string
    applied_at: string
    until: string
  }
}

/** Writes queries over the control tables with their types; it never runs one itself. */
export const tables = new Kysely<ControlTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** Runs typed queries at once on the mirror's own connection. */
export interface Control {
  readonly db: Db
  /** Of the writer; null for one that never took the lease. */
  readonly epoch: number | null
  all<Row>(query: Compilable<Row>): Row[]
  first<Row>(query: Compilable<Row>): Row | undefined
  /** Rows written. */
  run(query: Compilable<unknown>): number
  /** What `work` writes is kept as a whole or not at all. */
  atOnce<T>(work: () => T): T
}

export const controlOf = (db: Db, epoch: number | null, fence: Fence): Control => {
  const statements = new Map<string, Statement>()
  const prepared = (sql: string): Statement => {
    const known = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, known)
    return known
  }
  const atOnce = <T>(work: () => T): T =>
    told(db, () =>
      db
        .transaction(() => {
          fence()
          return work()
        })
        .immediate(),
    )
  return {
    db,
    epoch,
    all: <Row>(query: Compilable<Row>) => {
      const { sql, parameters } = query.compile()
      return prepared(sql).all(...parameters) as Row[]
    },
    first: <Row>(query: Compilable<Row>) => {
      const { sql, parameters } = query.compile()
      return prepared(sql).get(...parameters) as Row | undefined
    },
    run: (query) => {
      const { sql, parameters } = query.compile()
      const write = (): number => prepared(sql).run(...parameters).changes
      return db.inTransaction ? write() : atOnce(write)
    },
    atOnce,
  }
}

/** A disk that is full, or a file that is damaged, is told as what it is. */
const told = <T>(db: Db, work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    throw isOfDisk(cause) ? unusable(db.name, cause) : cause
  }
}
