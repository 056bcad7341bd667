import { hex, type RowWriter } from './rows.ts'

/** One object a line, every value as it is; a whole number that JSON's readers would round is a text. */
export const jsonlWriter: RowWriter = async function* (batches) {
  for await (const { columns, rows } of batches) {
    const lines = rows.map((row) => {
      const values = columns.map((column, index) => `${JSON.stringify(column)}:${JSON.stringify(exact(row[index]))}`)
      return `{${values.join(',')}}\n`
    })
    if (lines.length) yield Buffer.from(lines.join(''), 'utf8')
  }
}

const exact = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value instanceof Uint8Array ? hex(value) : (value ?? null)
}
