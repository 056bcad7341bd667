import { runQuery } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { warnOfHalfPulls } from './half-pulls.ts'
import { storeMeant } from './targets.ts'
import { type RowFormat, rowsText } from './views/rows.ts'
import { workspaceOf } from './work.ts'

export interface QueryArgs {
  readonly sql: string
  readonly format: RowFormat
}

export const run = async (args: QueryArgs, face: Face): Promise<Exit> => {
  const format = face.common.json ? 'json' : args.format
  const workspace = workspaceOf(face)
  const store = storeMeant(workspace.settings, face.common.store)
  await warnOfHalfPulls(workspace, store, face)
  const path = workspace.settings.stores[store]?.mirror ?? ''
  const rows: (readonly unknown[])[] = []
  let columns: readonly string[] = []
  for await (const batch of runQuery({ path, sql: args.sql, signal: face.io.signal })) {
    // A line stands for itself in these, so however many there are, only a batch is held.
    if (format === 'jsonl' || format === 'csv') {
      const text = rowsText(batch, format, face.screen, columns.length === 0)
      if (text) face.print(text)
    } else for (const row of batch.rows) rows.push(row)
    columns = batch.columns
  }
  if (format === 'table' || format === 'json') face.print(rowsText({ columns, rows }, format, face.screen))
  return EXIT.done
}
