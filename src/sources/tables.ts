import type { TableReader } from './expression/function.ts'

/** A table that `lookup` finds values in. */
export interface LookupTable {
  /** The column that a lookup gives when it names none. */
  readonly value: string
  /**
   * Cells of these columns, in their order, by key.
   * @throws {SourceRefusedError} when the table is unreadable, has a row that is, or is too large for memory.
   */
  read(columns: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
}

export type LookupTables = Readonly<Record<string, LookupTable>>

/** The tables of a mapping: what its expressions look up is read anew before each reading of the source. */
export interface Tables extends TableReader {
  load(): Promise<void>
  /** An expression looks values of the table up in the column; null is the one that the configuration names. */
  use(table: string, column: string | null): void
}

export const lookupTables = (known: LookupTables): Tables => {
  const used = new Map<string, string[]>()
  let loaded: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> | undefined
  const columnOf = (table: string, column: string | null): string => column ?? known[table]?.value ?? ''
  return {
    names: Object.keys(known),
    use: (table, column) => {
      const columns = used.get(table) ?? []
      const name = columnOf(table, column)
      used.set(table, columns.includes(name) ? columns : [...columns, name])
    },
    load: async () => {
      const all = new Map<string, ReadonlyMap<string, readonly string[]>>()
      for (const [name, columns] of used) all.set(name, (await known[name]?.read(columns)) ?? new Map())
      loaded = all
    },
    find: (table, key, column) => {
      if (!loaded) throw new Error(`table ${table} was not read yet`)
      return loaded.get(table)?.get(key)?.[used.get(table)?.indexOf(columnOf(table, column)) ?? -1]
    },
  }
}
