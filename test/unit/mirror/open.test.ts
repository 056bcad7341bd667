import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openFile } from '../../../src/mirror/file.ts'
import { openMirror } from '../../../src/mirror/index.ts'
import { dumpSchema, migrate, migrationsOf } from '../../../src/mirror/migrate.ts'
import { MirrorError } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { folder, MIGRATIONS, mirrorAt } from './fixture.ts'

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

const caught = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('the file of a mirror', () => {
  it('S14, S20: is readable by its owner only, with every file and folder that comes with it', () => {
    const home = folder()
    mirrorAt(join(home, 'new', 'store.db'))
    expect(mode(join(home, 'new'))).toBe('700')
    expect(readdirSync(join(home, 'new')).map((name) => [name, mode(join(home, 'new', name))])).toEqual([
      ['store.db', '600'],
      ['store.db-shm', '600'],
      ['store.db-wal', '600'],
    ])
  })

  it('is closed to others again when someone opened it up', () => {
    const path = join(folder(), 'store.db')
    mirrorAt(path).close()
    chmodSync(path, 0o644)
    mirrorAt(path)
    expect(mode(path)).toBe('600')
  })

  it('runs durably: write-ahead log, full synchronisation, foreign keys', () => {
    const db = openFile(join(folder(), 'store.db'))
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema', 'busy_timeout']
    expect(names.map((name) => db.pragma(name, { simple: true }))).toEqual(['wal', 2, 1, 0, 5000])
    db.close()
  })

  it('is refused with a remedy when it is no database', () => {
    const path = join(folder(), 'store.db')
    writeFileSync(path, 'not a database, but long enough to be looked at. '.repeat(40))
    const error = caught(() => mirrorAt(path))
    expect(error).toBeInstanceOf(MirrorError)
    expect(error).toMatchObject({
      where: path,
      message: expect.stringMatching(/damaged/),
      hint: expect.stringMatching(/restore/),
    })
  })

  it('P12: is refused when its pages are damaged', () => {
    const path = join(folder(), 'store.db')
    mirrorAt(path).close()
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 100, 4096)
    writeFileSync(path, bytes)
    expect(caught(() => mirrorAt(path))).toMatchObject({ code: 'mirror', message: expect.stringMatching(/damaged/) })
  })

  it('is left alone when it belongs to another program', () => {
    const path = join(folder(), 'other.db')
    const other = new Database(path)
    other.exec('CREATE TABLE theirs (a)')
    other.close()
    const before = readFileSync(path)
    expect(caught(() => mirrorAt(path))).toMatchObject({
      code: 'mirror',
      message: expect.stringMatching(/another program/),
    })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('P10: says so when the folder cannot be written', () => {
    const path = join(folder(), 'file')
    writeFileSync(path, '')
    expect(caught(() => mirrorAt(join(path, 'store.db')))).toMatchObject({ code: 'mirror', hint: expect.any(String) })
  })

  it('opens again with what it held', () => {
    const path = join(folder(), 'store.db')
    const first = mirrorAt(path)
    first.link({ hash: 'abc', domain: 'shop.example', currency: 'USD' }, '2026-01-01T00:00:00Z')
    first.close()
    expect(mirrorAt(path).lineage()).toEqual({ hash: 'abc', domain: 'shop.example', currency: 'USD' })
  })
})

describe('migrations', () => {
  const copied = (): string => {
    const path = join(folder(), 'migrations')
    mkdirSync(path)
    for (const name of readdirSync(MIGRATIONS)) copyFileSync(join(MIGRATIONS, name), join(path, name))
    return path
  }
  const open = (path: string, migrations: string) => openMirror({ path, catalog, migrations })

  it('make the tables that schema.sql shows (`vitest -u` rewrites it)', async () => {
    const db = openFile(join(folder(), 'store.db'))
    migrate(db, migrationsOf(db, MIGRATIONS))
    await expect(dumpSchema(db)).toMatchFileSnapshot('../../../migrations/schema.sql')
    db.close()
  })

  it('P19: refuse a database that a newer Skiff wrote, and name what is unknown', () => {
    const path = join(folder(), 'store.db')
    const newer = copied()
    writeFileSync(join(newer, '9999_future.sql'), 'CREATE TABLE sync_future (a INTEGER) STRICT;')
    open(path, newer).close()
    expect(caught(() => open(path, MIGRATIONS))).toMatchObject({
      code: 'mirror',
      message: expect.stringMatching(/newer Skiff.*9999_future\.sql/),
      hint: expect.stringMatching(/update Skiff/),
    })
  })

  it('refuse to go on when one was edited after it ran', () => {
    const path = join(folder(), 'store.db')
    const edited = copied()
    open(path, edited).close()
    writeFileSync(join(edited, '0001_mirror.sql'), `${readFileSync(join(edited, '0001_mirror.sql'))}-- changed\n`)
    expect(caught(() => open(path, edited))).toMatchObject({
      message: expect.stringMatching(/0001_mirror\.sql was edited/),
    })
  })

  it('P20: leave nothing behind when one of them fails half-way', () => {
    const path = join(folder(), 'store.db')
    const broken = copied()
    writeFileSync(join(broken, '0900_broken.sql'), 'CREATE TABLE sync_half (a INTEGER) STRICT; CREATE TABLE nonsense')
    expect(caught(() => open(path, broken))).toMatchObject({ message: expect.stringMatching(/0900_broken\.sql/) })
    const db = new Database(path)
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([])
    db.close()
  })
})

describe('the room', () => {
  it('names no resource: definitions come in as arguments', () => {
    const words = [...catalog.resources.keys(), ...catalog.derived.keys()]
    for (const name of readdirSync('src/mirror')) {
      const text = readFileSync(join('src/mirror', name), 'utf8').replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, '')
      expect([name, words.filter((word) => new RegExp(`\\b${word}\\b`).test(text))]).toEqual([name, []])
    }
  })
})
