import { z } from 'zod'
import { text } from './schema-words.ts'
import { ENCODINGS } from './types.ts'

const csv = z.strictObject({
  type: z.literal('csv'),
  path: text.describe('File, relative to this configuration.'),
  delimiter: text.default(',').describe('Between cells; never guessed.'),
  quote: z
    .union([z.literal(false), z.string().length(1, 'must be one character.')])
    .default('"')
    .describe('Around cells that hold the delimiter; false where the file does not quote.'),
  encoding: z.enum(ENCODINGS).exactOptional().describe('UTF-8, or what the byte order mark says, when absent.'),
  write: z.boolean().default(false).describe('Fields that the store owns, or both sides, are written back into it.'),
  header: z.boolean().default(true).describe('The first line names the columns.'),
  finalNewline: z
    .enum(['required', 'optional'])
    .default('required')
    .describe('"required" refuses a file whose last line has no end, because it may have been cut.'),
})

/** Sources that are files, by their format. */
export const FILE_SOURCES = [csv] as const
