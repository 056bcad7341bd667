import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runQuery } from '../../../src/mirror/index.ts'
import { answers } from '../../../src/mirror/query-answers.ts'
import { offence, placeOf } from '../../../src/mirror/query-rules.ts'
import { InterruptedError } from '../../../src/model/index.ts'
import { folder, look, mirrorAt, product, pulled } from './fixture.ts'

const shop = () => {
  const mirror = mirrorAt()
  pulled(mirror, [product(1), product(2, { name: "O'Hara", price: 12.5 })])
  return mirror
}

const answer = async (path: string, sql: string, more: Partial<Parameters<typeof runQuery>[0]> = {}) => {
  const rows: (readonly unknown[])[] = []
  let columns: readonly string[] = []
  for await (const batch of runQuery({ path, sql, ...more })) {
    columns = batch.columns
    rows.push(...batch.rows)
  }
  return { columns, rows }
}

const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n'

describe('a query', () => {
  it('answers with columns and rows while the mirror is open', async () => {
    expect(await answer(shop().path, 'SELECT id, price FROM products ORDER BY id -- all;')).toEqual({
      columns: ['id', 'price'],
      rows: [
        [1, 10],
        [2, 12.5],
      ],
    })
  })

  it('answers when nobody else has the mirror open', async () => {
    const mirror = shop()
    mirror.close()
    expect((await answer(mirror.path, 'SELECT count(*) FROM products')).rows).toEqual([[2]])
  })

  it('tells integers that a number cannot hold exactly as text', async () => {
    const sql = 'SELECT 9007199254740993 AS big, 9007199254740991 AS fits'
    expect((await answer(shop().path, sql)).rows).toEqual([['9007199254740993', 9007199254740991]])
  })

  it('names the columns of an empty answer', () => {
    const sql = 'SELECT id FROM products WHERE id > 5'
    expect([...answers({ path: shop().path, sql })]).toEqual([{ kind: 'rows', columns: ['id'], rows: [], last: true }])
  })

  it('comes in batches and is read no further than it is asked for', async () => {
    const sql = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n'
    const sizes: number[] = []
    for await (const { rows } of runQuery({ path: shop().path, sql })) {
      sizes.push(rows.length)
      if (sizes.length === 3) break
    }
    expect(sizes).toEqual([500, 500, 500])
  })

  it('S10: is ended when it takes too long', async () => {
    await expect(answer(shop().path, ENDLESS, { timeoutMs: 1000 })).rejects.toThrow(/longer than 1 s/)
  })

  it('is ended when it is stopped', async () => {
    const stop = new AbortController()
    const running = answer(shop().path, ENDLESS, { signal: stop.signal })
    stop.abort()
    await expect(running).rejects.toBeInstanceOf(InterruptedError)
    await expect(answer(shop().path, 'SELECT 1', { signal: stop.signal })).rejects.toBeInstanceOf(InterruptedError)
  })

  it('tells where it is wrong', async () => {
    await expect(answer(shop().path, 'SELECT id\nFORM products')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/syntax error/),
      where: 'line 2, column 6',
    })
    const wrong = (path: string, sql: string) => [...answers({ path, sql })]
    expect(wrong(shop().path, 'SELECT prise FROM products')).toMatchObject([{ where: 'line 1, column 8' }])
    expect(wrong(join(folder(), 'none.db'), 'SELECT 1')).toMatchObject([{ kind: 'refused' }])
  })
})

describe('S9: a query only reads', () => {
  const attacks: Record<string, (aside: string) => string> = {
    insert: () => "INSERT INTO products (id, synced_at, row_hash) VALUES (9, '', '')",
    'insert returning': () => "INSERT INTO products (id, synced_at, row_hash) VALUES (9, '', '') RETURNING id",
    update: () => 'UPDATE products SET price = 0',
    delete: () => 'DELETE FROM products',
    'delete behind a common table': () => 'WITH gone AS (SELECT 1) DELETE FROM products RETURNING id',
    'update behind a comment': () => '/* SELECT */ -- SELECT\n UPDATE products SET price = 0 RETURNING id',
    drop: () => 'DROP TABLE products',
    'temporary table': () => 'CREATE TEMP TABLE t AS SELECT 1',
    'attach a file': (aside) => `ATTACH '${aside}' AS other`,
    'attach behind explain': (aside) => `EXPLAIN ATTACH '${aside}' AS other`,
    detach: () => 'DETACH main',
    'vacuum into a file': (aside) => `VACUUM INTO '${aside}'`,
    'pragma that writes': () => 'PRAGMA journal_mode = DELETE',
    'pragma that unlocks': () => 'PRAGMA query_only = OFF',
    'pragma behind explain': () => 'EXPLAIN PRAGMA user_version = 7',
    'pragma as a table': () => 'SELECT file FROM pragma_database_list',
    'pragma as a quoted table': () => 'SELECT * FROM "PRAGMA_table_info"(\'products\')',
    'a transaction': () => 'BEGIN IMMEDIATE',
    'an extension': () => "SELECT load_extension('/tmp/evil.so')",
    'two statements': () => 'SELECT 1; DELETE FROM products',
    'a write after a read': () => 'SELECT 1; PRAGMA user_version = 7',
    nothing: () => '  -- only a comment',
  }

  it.each(Object.entries(attacks))('refuses %s', (_, attack) => {
    const mirror = shop()
    const aside = join(dirname(mirror.path), 'aside.db')
    const before = [look(mirror, 'SELECT * FROM products'), look(mirror, 'SELECT * FROM sqlite_schema')]
    expect([...answers({ path: mirror.path, sql: attack(aside) })]).toMatchObject([{ kind: 'refused' }])
    expect(existsSync(aside)).toBe(false)
    expect([look(mirror, 'SELECT * FROM products'), look(mirror, 'SELECT * FROM sqlite_schema')]).toEqual(before)
    expect(readdirSync(dirname(mirror.path)).sort()).toEqual(['store.db', 'store.db-shm', 'store.db-wal'])
  })

  it.each([
    'select 1',
    'SELECT*FROM products',
    '(SELECT 1)',
    'VALUES(1)',
    'with a as (select 1) select * from a',
    'EXPLAIN QUERY PLAN SELECT 1',
  ])('does not take %s for anything else', (sql) => {
    expect(offence(sql)).toBeUndefined()
  })

  it('refuses with a remedy', async () => {
    await expect(answer(shop().path, 'DELETE FROM products')).rejects.toMatchObject({
      code: 'usage',
      message: 'a query cannot DELETE',
      hint: expect.stringMatching(/SELECT/),
    })
  })

  it('S8: says nothing of a place that it does not know for sure', () => {
    expect(placeOf('SELECT a, a', 'no such column: a')).toBeUndefined()
    expect(placeOf('SELECT 1', 'database is locked')).toBeUndefined()
  })

  it('leaves the file byte for byte', async () => {
    const mirror = shop()
    mirror.close()
    const before = readFileSync(mirror.path)
    await answer(mirror.path, 'SELECT * FROM products')
    expect(readFileSync(mirror.path).equals(before)).toBe(true)
  })
})
