import type { Familiar, RecordPrint } from '../model/index.ts'

/** How bytes become records of cells; one implementation a file format. */
export interface Format {
  /**
   * Reads up to the names of the columns, then goes on as `batches` are asked for.
   * @param wanted Columns that a mapping needs, for formats whose records name their columns themselves.
   * @param familiar Records that need not come, where the format can tell them by their bytes.
   * @throws {SourceRefusedError} here or while batches are read, when the structure cannot be trusted to the end.
   */
  open(
    bytes: AsyncIterable<Uint8Array>,
    origin: string,
    wanted?: readonly string[],
    familiar?: Familiar,
  ): Promise<Table>
  /**
   * The same file with other texts in some cells. `edits` holds, by the line that a record starts on, the new text by column.
   * @param columns Those of the table that was read.
   * @throws {SourceRefusedError} when the file cannot be written back as it is, or a text cannot stand in it.
   */
  rewrite?(
    bytes: Uint8Array,
    edits: CellEdits,
    origin: string,
    columns: readonly string[],
  ): Uint8Array | Promise<Uint8Array>
  /** How a text may read once it was written: 12.90 is 12.9 where cells hold numbers. Absent where it stays the text that it is. */
  reads?(text: string): string
}

export type CellEdits = ReadonlyMap<number, ReadonlyMap<number, string>>

export interface Table {
  /** What was found out about how the file is written, for people; absent where it was declared. */
  readonly dialect?: string
  /** Names as the file has them, or numbers from 1. Unnamed columns are empty text. */
  readonly columns: readonly string[]
  /** Line that holds the names; null when they are numbers. */
  readonly headerLine: number | null
  readonly batches: AsyncIterable<readonly TableRecord[]>
}

export interface TableRecord {
  /** Line that the record starts on, from 1; where records are not lines, the number of the record. */
  readonly line: number
  readonly cells: readonly string[]
  /** Of its bytes, where they are known. */
  readonly print?: RecordPrint
}
