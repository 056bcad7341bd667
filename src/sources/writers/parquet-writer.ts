import { UsageError } from '../../model/index.ts'
import { optionalPackage } from '../optional-package.ts'
import { hex, type RowBatch, type RowWriter } from './rows.ts'

/**
 * Parquet, compressed with Snappy. A column is of whole numbers, of numbers, or of text, by what it holds; one that holds several kinds
 * is text. It is made in memory, because a column's kind is known at the end.
 */
export const parquetWriter: RowWriter = async function* (batches) {
  const { parquetWriteBuffer } = await optionalPackage(
    'hyparquet-writer',
    'files in Parquet',
    () => import('hyparquet-writer'),
  )
  const columns: { readonly name: string; readonly values: unknown[] }[] = []
  for await (const batch of batches) {
    if (!columns.length) columns.push(...namesOf(batch).map((name) => ({ name, values: [] })))
    for (const [index, { values }] of columns.entries()) for (const row of batch.rows) values.push(row[index] ?? null)
  }
  const columnData = columns.map(({ name, values }) => {
    const { type, write } = kindOf(values)
    return { name, type, data: values.map((value) => (value === null ? null : write(value))), nullable: true }
  })
  yield new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'skiff' }))
}

/** Two columns of one name would be one to a reader. */
const namesOf = ({ columns }: RowBatch): readonly string[] => {
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (twice === undefined) return columns
  throw new UsageError(`two columns are called "${twice}"`, { hint: 'Name one with AS.' })
}

interface Kind {
  readonly type: 'INT64' | 'DOUBLE' | 'STRING'
  readonly write: (value: unknown) => unknown
}

const kindOf = (values: readonly unknown[]): Kind => {
  const there = values.filter((value) => value !== null)
  if (there.length && there.every(isWhole)) return { type: 'INT64', write: (value) => BigInt(value as number) }
  if (there.length && there.every((value) => typeof value === 'number')) return { type: 'DOUBLE', write: Number }
  return { type: 'STRING', write: (value) => (value instanceof Uint8Array ? hex(value) : String(value)) }
}

const isWhole = (value: unknown): boolean => typeof value === 'bigint' || Number.isSafeInteger(value)
