import type { MigrateOptions, Stores } from '../engine/index.ts'
import type { MoveFiles } from '../mirror/index.ts'
import { UsageError } from '../model/index.ts'

export interface MovingOptions extends MigrateOptions {
  /** The files behind `names` and `transform` as they were named; `none` says that there is to be none from now on. */
  readonly files?: MoveFiles
}

/** Says that a migration goes on without a file that the copies before went by. */
export const NO_FILE = 'none'

/** A file's name; null for none. */
export const named = (file: string | null | undefined): string | null =>
  file === undefined || file === NO_FILE ? null : file

/**
 * A file that is left out would have what it changed put back, in as many rows as it had a say in.
 * @throws {UsageError} where the last copy went by a file and nothing is said about it now.
 */
export const refuseLeftOut = ({ from, to }: Stores, files: MoveFiles = { map: null, transform: null }): void => {
  const last = to.mirror.hasLinks(from.hash) ? to.mirror.moveFiles(from.hash) : null
  for (const option of ['map', 'transform'] as const) {
    const before = last?.[option] ?? null
    if (before === null || files[option] !== null) continue
    throw new UsageError(`the last copy of ${from.name} went by --${option} ${before}, and now none is named`, {
      hint: `add --${option} ${before}, or --${option} ${NO_FILE} to put back what it changed`,
    })
  }
}
