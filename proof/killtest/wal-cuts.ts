import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mirror, openMirror } from '../../src/mirror/index.ts'
import { stableJson } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'

export interface Cuts {
  readonly cuts: number
  /** Different states that the file came back in. */
  readonly states: number
  readonly faults: readonly string[]
}

const MIGRATIONS = join(import.meta.dirname, '../../migrations')
const PAGES = 30
const ROWS = 10
const FRAME = 4096 + 24
const HEADER = 32

/**
 * What a power cut leaves of the write-ahead log: pages of rows with their cursors are saved, the log is cut at every frame, a
 * little behind it and in its middle, and each time the mirror is opened again. Rows and cursor must fit together, and be those of
 * some moment that was.
 */
export const cutLog = (): Cuts => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-cuts-'))
  try {
    const path = join(dir, 'main.db')
    const open = (): Mirror => openMirror({ path, catalog, migrations: MIGRATIONS })
    const mirror = open()
    const first = join(dir, 'first')
    // The file as it is before the log that is to be cut: everything until here is in the main file.
    mirror.close()
    const writer = open()
    copyFileSync(path, first)
    savePages(writer)
    const log = readFileSync(`${path}-wal`)
    writer.close()

    const faults: string[] = []
    const states = new Set<string>()
    const places = cutsOf(log.length)
    for (const place of places) {
      copyFileSync(first, path)
      rmSync(`${path}-shm`, { force: true })
      writeFileSync(`${path}-wal`, log.subarray(0, place))
      const again = open()
      try {
        const { rows, cursor } = stateOf(again)
        states.add(stableJson({ rows, cursor }))
        if (rows !== (cursor ?? 0) * ROWS) faults.push(`cut at ${place}: ${rows} rows, cursor at page ${cursor}`)
        if (again.brokenJournal() !== null) faults.push(`cut at ${place}: the journal is broken`)
      } finally {
        again.close()
      }
    }
    return { cuts: places.length, states: states.size, faults }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const cutsOf = (length: number): readonly number[] => {
  const places: number[] = []
  for (let frame = HEADER; frame <= length; frame += FRAME) {
    for (const place of [frame, frame + 1, frame + 24, frame + FRAME / 2]) if (place <= length) places.push(place)
  }
  return places
}

const resource = catalog.resources.get('brands')!

const savePages = (mirror: Mirror): void => {
  const at = '2026-03-02T09:00:00Z'
  let pull = mirror.beginPull(resource, { full: true, since: null, at, run: 'r1' })
  for (let page = 1; page <= PAGES; page += 1) {
    const rows = Array.from({ length: ROWS }, (_, index) => {
      const id = (page - 1) * ROWS + index + 1
      return { body: { id, name: `Brand ${id}` } }
    })
    pull = mirror.savePage(pull, { resource, children: [], rows, at, run: 'r1' }, { cursor: page }).pull
  }
}

const stateOf = (mirror: Mirror): { readonly rows: number; readonly cursor: number | null } => ({
  rows: mirror.lookup(resource, resource.key).count(),
  cursor: mirror.beginPull(resource, { full: true, since: null, at: '2026-03-02T10:00:00Z', run: 'r2' }).cursor,
})
