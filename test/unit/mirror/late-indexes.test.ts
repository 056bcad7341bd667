import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openMirror } from '../../../src/mirror/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import {
  AT,
  begin,
  EVERY_KEY,
  folder,
  look,
  MIGRATIONS,
  mirrorAt,
  page,
  product,
  pulled,
  variant,
  variants,
} from './fixture.ts'

const INDEXES = `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('products', 'variants') AND sql IS NOT NULL ORDER BY name`
type Mirror = ReturnType<typeof mirrorAt>
const names = (mirror: Mirror): unknown[] => look(mirror, INDEXES).map((row) => (row as { name: string }).name)
const one = () => page([product(1, { variants: [variant(11, 1)] })], { children: [variants], covers: EVERY_KEY })

describe('the indexes of a table that is filled for the first time', () => {
  it('are made at the end of the pull, but for the one that rows are found by meanwhile', () => {
    const mirror = mirrorAt()
    const all = names(mirror)
    const { pull } = mirror.savePage(begin(mirror), one(), {})
    expect(names(mirror)).toEqual(['variants_by_product_id'])
    mirror.endPull(pull, { complete: true, expected: 1, watermark: AT, at: AT })
    expect(names(mirror)).toEqual(all)
  })

  it('are made by who opens the mirror next to write, where the pull did not come to its end', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    const all = names(first)
    first.savePage(begin(first), one(), {})
    first.close()
    const writer = { host: 'here', pid: 1, work: 'pull', since: AT }
    const second = openMirror({ path, catalog, migrations: MIGRATIONS, writer })
    expect(names(second)).toEqual(all)
    second.close()
  })

  it('stay where there are rows, and in a pull of changes', () => {
    const mirror = mirrorAt()
    const all = names(mirror)
    begin(mirror, variants, false, AT)
    expect(names(mirror)).toEqual(all)
    pulled(mirror, [product(1, { variants: [variant(11, 1)] })], { children: [variants] })
    begin(mirror)
    expect(names(mirror)).toEqual(all)
  })
})
