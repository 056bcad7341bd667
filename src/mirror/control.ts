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
import type { Db } from './file.ts'

/** The control tables, as `migrations/` makes them. JSON columns hold text. */
export interface ControlTables {
  sync_store: { id: number; hash: string; domain: string; currency: string; linked_at: string }
  sync_pull: {
    pull: Generated<number>
    resource: string
    full: number
    since: string | null
    cursor: number | null
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
  }
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
  sync_open_row: { sync: string; key: string; state: string; reason: string; since: string }
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
  all<Row>(query: Compilable<Row>): Row[]
  first<Row>(query: Compilable<Row>): Row | undefined
  /** Rows written. */
  run(query: Compilable<unknown>): number
  /** What `work` writes is kept as a whole or not at all. */
  atOnce<T>(work: () => T): T
}

export const controlOf = (db: Db): Control => {
  const statements = new Map<string, Statement>()
  const prepared = (sql: string): Statement => {
    const known = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, known)
    return known
  }
  return {
    db,
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
      return prepared(sql).run(...parameters).changes
    },
    atOnce: (work) => db.transaction(work).immediate(),
  }
}
