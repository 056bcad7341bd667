import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse'
import { type Cost, measured } from '../measured.ts'

/** Reads a folder's feed with csv-parse alone and does nothing with the rows. */
export const csvToNothing = async ({ folder, rows }: { folder: string; rows: number }): Promise<Cost> =>
  measured(async () => {
    let seen = -1
    for await (const _row of createReadStream(join(folder, 'feed.csv')).pipe(parse())) seen += 1
    if (seen !== rows) throw new Error(`${seen} rows were read, ${rows} were written`)
  })
