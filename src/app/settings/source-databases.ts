import * as z from 'zod'
import { age, secret, text } from './schema-words.ts'

const watermark = z.strictObject({
  column: text.describe('Says when a row was changed, or counts the changes up; with an index on it.'),
  overlap: z
    .union([
      age,
      z
        .int()
        .min(0, 'must not be negative.')
        .transform((count) => ({ count })),
    ])
    .default({ ms: 15 * 60_000 })
    .describe('Rows this far below the greatest are read once more: "15min" of a time, 1000 of a number.'),
  full: age.default({ ms: 86_400_000 }).describe('How old the last reading of all rows may be, such as "23h" or "7d".'),
})

const common = {
  table: text.exactOptional().describe('Table or view, with its schema before a point where it needs one.'),
  query: text.exactOptional().describe('One SELECT instead of a table.'),
  write: z
    .boolean()
    .default(false)
    .describe('Fields that the store owns, or both sides, are written back into the table.'),
  watermark: watermark.exactOptional().describe('Read only rows that changed since the last run that ended well.'),
  outcome: text.exactOptional().describe('Column of the table that keeps what became of each row in the last push.'),
}

const server = {
  url: secret.describe(
    'Where the address with user and password is, such as "postgres://USER:PASSWORD@HOST:PORT/DATABASE": "env:NAME" or "file:PATH".',
  ),
  ...common,
  timeout: z.int().min(1, 'must be at least 1.').default(300).describe('Seconds that one statement may take.'),
}

const postgres = z.strictObject({ type: z.literal('postgres'), ...server })
const mysql = z.strictObject({ type: z.literal('mysql'), ...server })
const mariadb = z.strictObject({ type: z.literal('mariadb'), ...server })
const sqlserver = z.strictObject({ type: z.literal('sqlserver'), ...server })
const sqlite = z.strictObject({
  type: z.literal('sqlite'),
  path: text.describe('File of the database, relative to this configuration.'),
  ...common,
})

/** Sources that are tables or queries of a database, by its engine. */
export const DATABASE_SOURCES = [postgres, mysql, mariadb, sqlserver, sqlite] as const
