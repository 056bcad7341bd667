import { type Control, tables as sql } from './control.ts'

export interface MoveFilesBook {
  /** The files that the last copy of that store went by; null before the first one. */
  moveFiles(source: string): MoveFiles | null
  saveMoveFiles(source: string, files: MoveFiles): void
}

/** Files that say what rows of another store become here, as they were named; null where there is none. */
export interface MoveFiles {
  readonly map: string | null
  readonly transform: string | null
}

/** What copies of other stores went by. */
export const moveFilesOf = (control: Control): MoveFilesBook => ({
  moveFiles: (source) =>
    control.first(sql.selectFrom('sync_move_files').select(['map', 'transform']).where('source', '=', source)) ?? null,

  saveMoveFiles: (source, { map, transform }) => {
    control.run(
      sql
        .insertInto('sync_move_files')
        .values({ source, map, transform })
        .onConflict((conflict) => conflict.column('source').doUpdateSet({ map, transform })),
    )
  },
})
