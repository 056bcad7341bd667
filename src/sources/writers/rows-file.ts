import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { SkiffError, UsageError } from '../../model/index.ts'
import { syncFolder } from '../replace-file.ts'
import { csvWriter } from './csv-writer.ts'
import { jsonlWriter } from './jsonl-writer.ts'
import { parquetWriter } from './parquet-writer.ts'
import type { RowBatch, RowWriter } from './rows.ts'
import { xlsxWriter } from './xlsx-writer.ts'

export const ROW_FORMATS = ['csv', 'tsv', 'xlsx', 'jsonl', 'parquet'] as const
export type RowFileFormat = (typeof ROW_FORMATS)[number]

const WRITERS: Readonly<Record<RowFileFormat, RowWriter>> = {
  csv: csvWriter(','),
  tsv: csvWriter('\t'),
  xlsx: xlsxWriter,
  jsonl: jsonlWriter,
  parquet: parquetWriter,
}

/**
 * Writes rows into a file, which is there whole or as it was before: it is written under another name, flushed to the disk, and takes
 * its name at the end. An older file of that name is replaced.
 * @returns how many rows and bytes it holds.
 * @throws {UsageError} when the file cannot be written, or the format cannot hold the rows.
 */
export const writeRowsFile = async (
  path: string,
  format: RowFileFormat,
  batches: AsyncIterable<RowBatch>,
): Promise<{ readonly rows: number; readonly bytes: number }> => {
  const next = join(dirname(path), `.${basename(path)}.skiff-${process.pid}.tmp`)
  let rows = 0
  const counted = async function* () {
    for await (const batch of batches) {
      rows += batch.rows.length
      yield batch
    }
  }
  try {
    await refuseOther(path)
    const file = await open(next, 'w')
    try {
      for await (const chunk of WRITERS[format](counted())) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    const { size: bytes } = await stat(next)
    await rename(next, path)
    await syncFolder(dirname(path))
    return { rows, bytes }
  } catch (cause) {
    await rm(next, { force: true })
    if (cause instanceof SkiffError) throw cause
    throw new UsageError(`${path} cannot be written`, {
      hint: 'Look whether its folder exists, may be written to, and has room.',
      cause,
    })
  }
}

/** A rename over a folder, a link or a device would do something else than to replace a file. */
const refuseOther = async (path: string): Promise<void> => {
  const there = await stat(path).catch(() => null)
  if (!there || there.isFile()) return
  throw new UsageError(`${path} is no file`, { hint: 'Name a file with --to.' })
}
