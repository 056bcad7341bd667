import type { Dialect, IsolationLevel, RawBuilder } from 'kysely'

export type Sql = RawBuilder<unknown>

/** What tells one kind of database from another; everything else is common. */
export interface Engine {
  /**
   * One connection of its own, already made.
   * @throws {UsageError} when the driver is not installed; whatever the driver throws when nobody answers.
   */
  connect(use: 'read' | 'write'): Promise<Connection>
  /** Of a reading: everything that it sees is of one moment. Null where a transaction alone does it. */
  readonly snapshot: IsolationLevel | null
  /** Statements at the beginning of every transaction. */
  readonly prepare: readonly string[]
  /** Whether a column still holds a value as the driver gave it, which is not null. */
  equals(column: Sql, value: unknown): Sql
  /** A key as one text, without regard to case and blanks at its ends, as keys are compared elsewhere. */
  folded(column: Sql): Sql
  /** Numbers come as numbers, so that digits which come as text are text. */
  readonly typesNumbers?: true
  /** A query that gives the name of a table's storage where that knows no transactions, and nothing where it does. */
  readonly lasting?: (table: readonly string[]) => RawBuilder<{ readonly storage: string }>
  /** The text of a cell as the database takes it in the place of a value. */
  text(cell: string, there: unknown): string
}

export interface Connection {
  readonly dialect: Dialect
  /** Aborted, with an error as its reason, when the connection ends. */
  readonly lost: AbortSignal
  /** Ends it at once, whatever it is doing; the server then rolls back. */
  abort(): void
}

/** How long making a connection may take, ms. */
export const CONNECT_MS = 15_000
