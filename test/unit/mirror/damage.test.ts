import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openMirror } from '../../../src/mirror/index.ts'
import { MirrorError, seeded } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { AT, folder, MIGRATIONS, product, pulled } from './fixture.ts'

const FLIPS = 100

const open = (path: string) =>
  openMirror({ path, catalog, migrations: MIGRATIONS, writer: { pid: 1, host: 'here', since: AT, work: 'test' } })

/** A mirror with a journal over several pages, as a writer leaves it that did not come to its end. */
const cutOff = (): { bytes: Buffer; entries: string } => {
  const path = join(folder(), 'main.db')
  const mirror = open(path)
  const ids = Array.from({ length: 60 }, (_, index) => index + 1)
  pulled(
    mirror,
    ids.map((id) => product(id)),
  )
  mirror.savePlan(planOf({ plan: 'p1', changes: ids.map((id) => change({ id })) }), 'approved')
  for (const id of ids) {
    const row = { plan: 'p1', change: id, run: 'r1', at: AT }
    mirror.journal([{ ...row, from: 'planned', to: 'intent', evidence: { endpoint: 'PUT /v3/catalog/products' } }])
    mirror.journal([{ ...row, from: 'intent', to: 'applied', evidence: { status: 200, reason: `row ${id}` } }])
  }
  const entries = JSON.stringify(mirror.journalOf('p1'))
  mirror.close()
  const db = new Database(path)
  db.exec('UPDATE sync_lease SET clean = 0')
  db.pragma('journal_mode = DELETE')
  db.close()
  return { bytes: readFileSync(path), entries }
}

describe('a file in which a byte is another', () => {
  it('P12: is refused, or its journal is what was written, wherever that byte is', () => {
    const { bytes, entries } = cutOff()
    const random = seeded(12)
    const path = join(folder(), 'main.db')
    const ends = { refused: 0, equal: 0 }
    for (let flip = 0; flip < FLIPS; flip += 1) {
      const place = Math.floor(random() * bytes.length)
      const damaged = Buffer.from(bytes)
      damaged[place] = (damaged[place] as number) ^ (1 << Math.floor(random() * 8))
      writeFileSync(path, damaged)
      try {
        const mirror = open(path)
        try {
          expect(JSON.stringify(mirror.journalOf('p1')), `byte ${place}`).toBe(entries)
          ends.equal += 1
        } finally {
          mirror.close()
        }
      } catch (error) {
        expect(error, `byte ${place}`).toBeInstanceOf(MirrorError)
        ends.refused += 1
      }
    }
    expect(ends.refused).toBeGreaterThan(0)
    expect(ends.equal).toBeGreaterThan(0)
  }, 60_000)
})
