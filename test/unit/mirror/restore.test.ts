import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { copyMirror } from '../../../src/mirror/copy.ts'
import { type Mirror, openMirror } from '../../../src/mirror/index.ts'
import { candidateAt, restoreMirror } from '../../../src/mirror/restore.ts'
import { catalog } from '../../../src/resources/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { AT, folder, MIGRATIONS } from './fixture.ts'

const NOW = Date.parse('2026-03-02T09:00:00Z')

const open = (path: string): Mirror =>
  openMirror({ path, catalog, migrations: MIGRATIONS, writer: { pid: 1, host: 'here', since: AT, work: 'test' } })

const linked = (path: string, hash = 'abc', currency = 'USD'): void => {
  const mirror = open(path)
  mirror.link({ hash, domain: 'shop.example', currency }, AT)
  mirror.savePlan(planOf({ plan: 'p1', changes: [change({ id: 1 })] }), 'open')
  mirror.journal([{ plan: 'p1', change: 1, run: 'r1', at: AT, from: 'planned', to: 'approved', evidence: {} }])
  mirror.close()
}

const move = (path: string): void => {
  const mirror = open(path)
  mirror.journal([{ plan: 'p1', change: 1, run: 'r2', at: AT, from: 'approved', to: 'intent', evidence: {} }])
  mirror.close()
}

const world = async (): Promise<{ path: string; copy: string }> => {
  const path = join(folder(), 'main.db')
  linked(path)
  const copy = join(folder(), 'copy.db')
  await copyMirror(path, copy)
  move(path)
  return { path, copy }
}

const put = (path: string, from: string, hash = 'abc') =>
  restoreMirror({ path, from, hash, migrations: MIGRATIONS, now: NOW })

const stepsIn = (path: string): number => {
  const mirror = open(path)
  const { length } = mirror.journalOf('p1')
  mirror.close()
  return length
}

describe('a copy that is put in the place of a mirror', () => {
  it('is the mirror from then on, and what was there stays beside it, openable', async () => {
    const { path, copy } = await world()
    const { kept } = put(path, copy)
    expect(kept).toBe(`${path}.before-20260302T090000Z`)
    expect(stepsIn(path)).toBe(1)
    expect(stepsIn(kept ?? '')).toBe(2)
    expect(stepsIn(copy)).toBe(1)
  })

  it('leaves what another restore of the same second put aside', async () => {
    const { path, copy } = await world()
    const first = put(path, copy).kept ?? ''
    const second = put(path, copy).kept ?? ''
    expect([stepsIn(first), stepsIn(second)]).toEqual([2, 1])
  })

  it('takes no part of the log that belonged to the mirror before it', async () => {
    const { path, copy } = await world()
    // The log of a process that was killed: it still holds what the main file does not.
    const killed = folder()
    const mirror = open(path)
    mirror.journal([{ plan: 'p1', change: 1, run: 'r3', at: AT, from: 'intent', to: 'unknown', evidence: {} }])
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, join(killed, `main.db${end}`))
    mirror.close()
    const left = join(killed, 'main.db')
    const { kept } = put(left, copy)
    expect(stepsIn(left)).toBe(1)
    expect(stepsIn(kept ?? '')).toBe(3)
  })

  it('P12: stands in for a mirror that is damaged', async () => {
    const { path, copy } = await world()
    writeFileSync(path, readFileSync(path).fill(0x5a, 100, 9000))
    const { kept } = put(path, copy)
    expect(stepsIn(path)).toBe(1)
    expect(existsSync(kept ?? '')).toBe(true)
  })

  it('needs no mirror to be there', async () => {
    const { copy } = await world()
    const path = join(folder(), 'main.db')
    expect(put(path, copy).kept).toBeNull()
    expect(stepsIn(path)).toBe(1)
  })

  it.each([
    ['of another store', (copy: string) => copy, 'other', /it is of store abc, not of other/],
    ['damaged', damagedCopy, 'abc', /damaged/],
    ['no mirror', noMirror, 'abc', /it is no mirror/],
    ['of a newer Skiff', newerCopy, 'abc', /newer Skiff/],
    ['of no store yet', unlinkedCopy, 'abc', /does not know which store/],
    ['not there', () => '/nowhere/copy.db', 'abc', /cannot be/],
  ])('is refused when it is %s; the mirror is as it was', async (_what, make, hash, reason) => {
    const { path, copy } = await world()
    const from = make(copy)
    expect(() => put(path, from, hash)).toThrow(reason)
    expect(readdirSync(join(path, '..'))).toEqual(['main.db'])
    expect(stepsIn(path)).toBe(2)
  })

  it('is refused when the mirror that is there counts in another currency', async () => {
    const { copy } = await world()
    const path = join(folder(), 'main.db')
    linked(path, 'abc', 'EUR')
    expect(() => put(path, copy)).toThrow(/EUR.*USD/)
    expect(stepsIn(path)).toBe(1)
  })

  it('of a file that is not there says so', () => {
    const path = join(folder(), 'gone.db')
    expect(() => candidateAt(path, { hash: 'abc', migrations: MIGRATIONS })).toThrow('it does not exist')
  })

  it('tells what it holds before anyone decides', async () => {
    const { copy } = await world()
    expect(candidateAt(copy, { hash: 'abc', migrations: MIGRATIONS })).toMatchObject({
      seq: 1,
      newestRun: null,
      lineage: { hash: 'abc', currency: 'USD' },
    })
  })
})

function damagedCopy(copy: string): string {
  const bytes = readFileSync(copy)
  bytes.fill(0x5a, 4096 * 8, 4096 * 8 + 2000)
  bytes.fill(0x5a, 4096 * 3, 4096 * 3 + 2000)
  writeFileSync(copy, bytes)
  return copy
}

function noMirror(): string {
  const path = join(folder(), 'other.db')
  const db = new Database(path)
  db.exec('CREATE TABLE theirs (a)')
  db.close()
  return path
}

function newerCopy(copy: string): string {
  const db = new Database(copy)
  db.exec("INSERT INTO sync_migration VALUES ('9999_future.sql', 'x')")
  db.close()
  return copy
}

function unlinkedCopy(copy: string): string {
  const db = new Database(copy)
  db.exec('DELETE FROM sync_store')
  db.close()
  return copy
}
