import type { BackupReport, RestoreReport } from '../../app/index.ts'
import type { Screen } from './screen.ts'
import { clean, counted, shortTime } from './text.ts'

/** Where the copy is, and what to type on the day that it is needed. */
export const backupText = ({ store, path, bytes, rows, removed }: BackupReport, { paint }: Screen): string =>
  [
    `${paint.bold(`Backup of ${store}`)}: ${clean(path)}`,
    `${megabytes(bytes)}, ${counted(rows, 'row')}, read back and found whole`,
    removed.length > 0 ? `${removed.length} older removed` : '',
    `To put it back: skiff restore ${clean(path)} --store ${store}`,
  ]
    .filter(Boolean)
    .join('\n')

/** What is in place now, and what comes next. */
export const restoreText = (report: RestoreReport, { paint }: Screen): string => {
  const { store, from, kept } = report
  return [
    `${paint.bold(`The mirror of ${store}`)} is ${clean(from)} now (${copyAge(report)}).`,
    kept === null ? '' : `What was there before is ${clean(kept)}.`,
    `Next: skiff pull ${store}. What was written to the store since the copy was made is recognised, not written again.`,
  ]
    .filter(Boolean)
    .join('\n')
}

export const copyAge = ({ newestRun }: Pick<RestoreReport, 'newestRun'>): string =>
  newestRun === null ? 'with no run in it' : `newest run ${shortTime(newestRun)} UTC`

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`
