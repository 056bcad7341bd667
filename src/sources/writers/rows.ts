/** Rows as a database answers them: text, numbers, whole numbers beyond 2^53 as `bigint`, bytes, null. */
export interface RowBatch {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
}

/** The bytes of a file of rows; at least one batch comes, so that the columns of no rows are known. */
export type RowWriter = (batches: AsyncIterable<RowBatch>) => AsyncIterable<Uint8Array>

/** Bytes as hexadecimal digits, the form they have in text. */
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
