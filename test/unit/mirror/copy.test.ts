import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { copyPath, keptTimes, listCopies, newestGoodCopy, pruneCopies } from '../../../src/mirror/copies.ts'
import { copyMirror } from '../../../src/mirror/copy.ts'
import type { Mirror } from '../../../src/mirror/index.ts'
import { isoTime } from '../../../src/model/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { AT, folder, mirrorAt, product, pulled } from './fixture.ts'

const NOW = Date.parse('2026-03-02T09:00:00Z')

const filled = (path: string): Mirror => {
  const mirror = mirrorAt(path)
  pulled(
    mirror,
    Array.from({ length: 300 }, (_, index) => product(index + 1)),
  )
  mirror.savePlan(planOf({ plan: 'p1', changes: [change({ id: 1 })] }), 'open')
  mirror.journal([{ plan: 'p1', change: 1, run: 'r1', at: AT, from: 'planned', to: 'approved', evidence: {} }])
  return mirror
}

/** Turns bytes of a page of rows over, which SQLite itself reads without a word. */
const damage = (path: string): void => {
  const bytes = readFileSync(path)
  for (let page = 8; page < bytes.length / 4096; page += 8) bytes.fill(0x5a, page * 4096, page * 4096 + 2048)
  writeFileSync(path, bytes)
}

describe('a copy of a mirror', () => {
  it('is one file for its owner only, with every row, also while the mirror is open', async () => {
    const home = folder()
    const path = join(home, 'main.db')
    filled(path)
    const to = join(home, 'backups', 'main.db')
    const copy = await copyMirror(path, to)
    expect(copy).toMatchObject({ path: to, seq: 1, bytes: statSync(to).size })
    expect(copy.rows).toBeGreaterThan(300)
    expect(readdirSync(join(home, 'backups'))).toEqual(['main.db'])
    expect((statSync(to).mode & 0o777).toString(8)).toBe('600')
    expect(mirrorAt(to).journalOf('p1')).toHaveLength(1)
  })

  it('is that of one moment, whatever another process commits meanwhile', async () => {
    const path = join(folder(), 'main.db')
    filled(path).close()
    const other = new Database(path)
    const to = join(folder(), 'copy.db')
    const copying = copyMirror(path, to)
    other.exec("INSERT INTO sync_base VALUES ('s', 'k', '{}', '{}', 'now')")
    other.close()
    await copying
    const count = (file: string) => new Database(file).prepare('SELECT count(*) FROM sync_base').pluck().get()
    expect([count(path), count(to)]).toEqual([1, 0])
  })

  it('P12: is not made of a damaged mirror, and nothing is left that looks like one', async () => {
    const path = join(folder(), 'main.db')
    filled(path).close()
    damage(path)
    const target = folder()
    await expect(copyMirror(path, join(target, 'copy.db'))).rejects.toMatchObject({ code: 'mirror' })
    expect(readdirSync(target)).toEqual([])
  })

  it('is not made where the journal was altered', async () => {
    const path = join(folder(), 'main.db')
    filled(path).close()
    const other = new Database(path)
    other.exec('DROP TRIGGER sync_journal_no_update')
    other.exec("UPDATE sync_journal SET run = 'r9'")
    other.close()
    await expect(copyMirror(path, join(folder(), 'copy.db'))).rejects.toThrow(/the copy is not good: the journal/)
  })

  it('says where, when it cannot be written', async () => {
    const path = join(folder(), 'main.db')
    filled(path).close()
    const to = join(path, 'copy.db')
    await expect(copyMirror(path, to)).rejects.toMatchObject({
      code: 'mirror',
      where: to,
      hint: expect.stringMatching(/written/),
    })
  })
})

describe('the copies of a store', () => {
  const at = (days: number) => isoTime(NOW - days * 86_400_000)

  it('are kept of the last day, of seven days and of four weeks', () => {
    const hours = [0, 0.1, 0.5, 0.9]
    const days = Array.from({ length: 60 }, (_, day) => day + 1)
    const kept = keptTimes([...hours, ...days].map(at), NOW)
    expect([...kept].sort().reverse()).toEqual([...hours, 2, 3, 4, 5, 6, 8, 15].map(at))
  })

  it('are kept however old, when there is no newer one', () => {
    expect([...keptTimes([at(300)], NOW)]).toEqual([at(300)])
  })

  it('are told from those of a store whose name begins alike, and from other files', () => {
    const place = folder()
    const names = [
      'main-20260301T090000Z.db',
      'main-2-20260302T090000Z.db',
      'main.db',
      'main-20260302T090000Z.db.7.part',
    ]
    for (const name of names) writeFileSync(join(place, name), '')
    expect(listCopies({ folder: place, store: 'main' })).toEqual([
      { path: join(place, 'main-20260301T090000Z.db'), at: '2026-03-01T09:00:00Z', bytes: 0 },
    ])
    expect(listCopies({ folder: join(place, 'none'), store: 'main' })).toEqual([])
  })

  it('lose the old ones, and what a killed copying left', () => {
    const copies = { folder: join(folder(), 'backups'), store: 'main' }
    mkdirSync(copies.folder)
    const old = [70, 71].map((days) => copyPath(copies, NOW - days * 86_400_000))
    const recent = [0, 1, 2, 3, 4, 5, 6, 14, 21].map((days) => copyPath(copies, NOW - days * 86_400_000))
    const [part, partNow] = [`${old[0]}.12.part`, `${recent[0]}.13.part`]
    for (const path of [...old, ...recent, part, partNow]) writeFileSync(path, '')
    utimesSync(part, NOW / 1000 - 200_000, NOW / 1000 - 200_000)
    utimesSync(partNow, NOW / 1000, NOW / 1000)
    expect(pruneCopies(copies, NOW)).toEqual(old)
    const left = readdirSync(copies.folder).map((name) => join(copies.folder, name))
    expect(left).toContain(partNow)
    expect(left).not.toContain(part)
  })

  it('are looked at before the newest good one is named', async () => {
    const path = join(folder(), 'main.db')
    filled(path)
    const copies = { folder: folder(), store: 'main' }
    const older = copyPath(copies, NOW - 1000)
    await copyMirror(path, older)
    const newer = copyPath(copies, NOW)
    await copyMirror(path, newer)
    expect(newestGoodCopy(copies)).toBe(newer)
    damage(newer)
    expect(newestGoodCopy(copies)).toBe(older)
  })
})
