import * as z from 'zod'
import { secret, text } from './schema-words.ts'
import { ENCODINGS } from './types.ts'

/** Where a file lies and how it is reached; which of these a path may have is checked after it. */
const place = {
  path: text.describe(
    'File, relative to this configuration, or a pattern with * and ? in its name; or http(s)://, sftp://user@host/path, s3://bucket/key.',
  ),
  pick: z.literal('newest').exactOptional().describe('Of several files that a pattern fits, the one changed last.'),
  entry: text.exactOptional().describe('Which file of a zip, where it holds several.'),
  settleSeconds: z
    .number()
    .min(0, 'must not be negative.')
    .max(3600, 'must be at most 3600.')
    .default(0)
    .describe('How long to wait for a file that is still being written; 0 refuses it at once.'),
  headers: z.record(z.string(), secret).exactOptional().describe('Of http(s): what the server asks for, by header.'),
  password: secret.exactOptional(),
  privateKey: secret.exactOptional(),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'must be the fingerprint that `ssh-keygen -l` shows, "SHA256:...".')
    .exactOptional()
    .describe('Of sftp: the key of the server. Without it, the error tells which one was met.'),
  endpoint: z.url('must be an address.').exactOptional().describe('Of s3: a store other than Amazon’s.'),
  region: text.exactOptional().describe('Of s3.'),
  accessKeyId: secret.exactOptional(),
  secretAccessKey: secret.exactOptional(),
}

const write = z
  .boolean()
  .default(false)
  .describe('Fields that the store owns, or both sides, are written back into it.')

const finalNewline = z
  .enum(['required', 'optional'])
  .default('required')
  .describe('"required" refuses a file whose last line has no end, because it may have been cut.')

const table = {
  ...place,
  quote: z
    .union([z.literal(false), z.string().length(1, 'must be one character.')])
    .default('"')
    .describe('Around cells that hold the delimiter; false where the file does not quote.'),
  encoding: z
    .enum([...ENCODINGS, 'auto'])
    .exactOptional()
    .describe('UTF-8, or what the byte order mark says, when absent; "auto" finds it out and tells it.'),
  write,
  header: z.boolean().default(true).describe('The first line names the columns.'),
  finalNewline,
}

const csv = z.strictObject({
  type: z.literal('csv'),
  ...table,
  delimiter: text.default(',').describe('Between cells; "auto" finds it out and tells it.'),
})

const tsv = z.strictObject({ type: z.literal('tsv'), ...table })

const xlsx = z.strictObject({
  type: z.literal('xlsx'),
  ...place,
  write,
  sheet: text.exactOptional().describe('Name of the sheet, where there are several.'),
})

const json = z.strictObject({
  type: z.literal('json'),
  ...place,
  write,
  at: text
    .exactOptional()
    .describe('Path of the list of records, such as "data.items"; the whole document when absent.'),
})

const jsonl = z.strictObject({ type: z.literal('jsonl'), ...place, write, finalNewline })

/** Sources that are files, by their format. */
export const FILE_SOURCES = [csv, tsv, xlsx, json, jsonl] as const

export type RawFileSource = z.output<(typeof FILE_SOURCES)[number]>
