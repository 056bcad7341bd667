import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openFile } from '../../../src/mirror/file.ts'
import { OlderMirrorError, openMirror, upgradeMirror } from '../../../src/mirror/index.ts'
import { migrate, migrationsOf } from '../../../src/mirror/migrate.ts'
import { stableJson } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { AT, folder, MIGRATIONS } from './fixture.ts'

const NOW = Date.parse('2026-03-02T09:00:00Z')
const OLD = 5

const migrationsUpTo = (count: number): string => {
  const path = folder()
  const names = readdirSync(MIGRATIONS).filter((name) => /^\d{4}_/.test(name))
  for (const name of names.sort().slice(0, count)) copyFileSync(join(MIGRATIONS, name), join(path, name))
  return path
}

/** A mirror as the first version wrote it, with a base, a conflict and a chained journal. */
const oldMirror = (): string => {
  const path = join(folder(), 'main.db')
  const db = openFile(path)
  migrate(db, migrationsOf(db, migrationsUpTo(OLD)))
  db.exec(`
    INSERT INTO sync_store VALUES (1, 'abc', 'shop.example', 'USD', '${AT}');
    INSERT INTO sync_plan VALUES (1, 'p1', 's', 'h', '${AT}', '${AT}', 'pushed', '{}');
    INSERT INTO sync_change VALUES ('p1', 1, 'applied', NULL), ('p1', 2, 'intent', NULL);
    INSERT INTO sync_base VALUES ('s', 'k', '{}', '{"price":1}', '${AT}');
    INSERT INTO sync_conflict (sync, resource, match, key, entity, field, base, store, source, plan, since)
      VALUES ('s', 'r', 'k', '{}', '{}', 'f', '1', '2', '3', 'p1', '${AT}')`)
  let previous = ''
  for (const [change, from, to] of [
    [1, 'planned', 'approved'],
    [1, 'approved', 'applied'],
    [2, 'planned', 'intent'],
  ]) {
    const sha = createHash('sha256')
      .update(stableJson([previous, 'p1', change, 'r1', AT, from, to, {}]))
      .digest('hex')
    db.prepare(
      `INSERT INTO sync_journal (plan, change, run, at, from_state, to_state, evidence, prev_sha, sha)
       VALUES ('p1', ?, 'r1', ?, ?, ?, '{}', ?, ?)`,
    ).run(change, AT, from, to, previous, sha)
    previous = sha
  }
  db.close()
  return path
}

const KEPT = ['sync_base', 'sync_conflict', 'sync_change', 'sync_plan', 'sync_journal']

/** What must be the same before and after: a new column aside. */
const contentOf = (path: string): unknown => {
  const db = new Database(path, { readonly: true })
  const rows = (table: string) =>
    (db.prepare(`SELECT * FROM ${table}`).all() as object[]).map((row) => ({ ...row, epoch: undefined }))
  const content = Object.fromEntries(KEPT.map((table) => [table, rows(table)]))
  db.close()
  return content
}

const schemaOf = (path: string): unknown => {
  const db = new Database(path, { readonly: true })
  const schema = db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()
  db.close()
  return schema
}

const placeOf = (path: string) => ({ path, migrations: MIGRATIONS, copies: { folder: folder(), store: 'main' } })

describe('a mirror that an older Skiff wrote', () => {
  it('is brought up to date after a verified copy: base, journal and conflicts are what they were, the chain holds', async () => {
    const path = oldMirror()
    const before = contentOf(path)
    const schema = schemaOf(path)
    const place = placeOf(path)
    const copy = await upgradeMirror(place, NOW)
    expect(copy).toBe(join(place.copies.folder, 'main-20260302T090000Z.db'))
    expect(schemaOf(copy ?? '')).toEqual(schema)
    expect(contentOf(copy ?? '')).toEqual(before)
    expect(contentOf(path)).toEqual(before)
    const mirror = openMirror({ path, catalog, migrations: MIGRATIONS })
    expect(mirror.brokenJournal()).toBeNull()
    expect(mirror.openChanges()).toEqual([{ plan: 'p1', change: 2, state: 'intent' }])
    mirror.close()
    expect(await upgradeMirror(place, NOW)).toBeNull()
  })

  it('goes on with its journal in one chain', async () => {
    const path = oldMirror()
    await upgradeMirror(placeOf(path), NOW)
    const writer = { pid: 1, host: 'here', since: AT, work: 'test' }
    const mirror = openMirror({ path, catalog, migrations: MIGRATIONS, writer })
    mirror.journal([{ plan: 'p1', change: 2, run: 'r2', at: AT, from: 'intent', to: 'skipped', evidence: {} }])
    expect(mirror.brokenJournal()).toBeNull()
    expect(mirror.journalOf('p1')).toHaveLength(4)
    mirror.close()
  })

  it('is not touched when no copy of it can be made', async () => {
    const path = oldMirror()
    const schema = schemaOf(path)
    const copies = { folder: join(path, 'no-folder'), store: 'main' }
    await expect(upgradeMirror({ path, migrations: MIGRATIONS, copies }, NOW)).rejects.toMatchObject({ code: 'mirror' })
    expect(schemaOf(path)).toEqual(schema)
  })

  it('is not opened as it is', () => {
    const path = oldMirror()
    expect(() => openMirror({ path, catalog, migrations: MIGRATIONS })).toThrow(OlderMirrorError)
  })

  it('P20: is as it was, whichever statement of the migrations fails', async () => {
    const statements = readdirSync(MIGRATIONS)
      .filter((name) => /^\d{4}_/.test(name))
      .sort()
      .slice(OLD)
      .flatMap((name) => [...statementsOf(readFileSync(join(MIGRATIONS, name), 'utf8'))])
    expect(statements.length).toBeGreaterThan(5)
    const path = oldMirror()
    const [schema, content] = [schemaOf(path), contentOf(path)]
    for (let good = 0; good <= statements.length; good += 1) {
      const migrations = migrationsUpTo(OLD)
      writeFileSync(
        join(migrations, '0099_cut.sql'),
        `${statements.slice(0, good).join('\n')}\nSELECT no_such_thing();`,
      )
      await expect(upgradeMirror({ ...placeOf(path), migrations }, NOW)).rejects.toThrow(/0099_cut\.sql does not run/)
      expect([schemaOf(path), contentOf(path)]).toEqual([schema, content])
    }
  })

  it('is as it was when a migration loses what something refers to', async () => {
    const path = oldMirror()
    const migrations = migrationsUpTo(OLD)
    writeFileSync(join(migrations, '0099_lossy.sql'), 'DELETE FROM sync_change WHERE change = 2;')
    const content = contentOf(path)
    await expect(upgradeMirror({ ...placeOf(path), migrations }, NOW)).rejects.toThrow(/does not run/)
    expect(contentOf(path)).toEqual(content)
  })

  it('is new when it was only begun', async () => {
    const path = join(folder(), 'main.db')
    openFile(path).close()
    expect(await upgradeMirror(placeOf(path), NOW)).toBeNull()
    expect(await upgradeMirror(placeOf(join(folder(), 'none.db')), NOW)).toBeNull()
  })
})

/** Statements of a file; one of a trigger goes on to its END. */
function* statementsOf(sql: string): Iterable<string> {
  let open = ''
  for (const line of sql.split('\n')) {
    open += `${line}\n`
    const inTrigger = /CREATE TRIGGER/.test(open) && !/^END;$/m.test(open)
    if (!line.trimEnd().endsWith(';') || inTrigger) continue
    yield open
    open = ''
  }
}
