import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach } from 'vitest'
import { type KeyRange, type Mirror, openMirror, type PageWrite, type PullState } from '../../../src/mirror/index.ts'
import type { Body, Catalog, Derived, Resource } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

export const MIGRATIONS = 'migrations'
export const AT = '2026-03-01T12:00:00Z'

export const resource = (name: string): Resource => catalog.resources.get(name) as Resource
export const products = resource('products')
export const variants = resource('variants')
export const customFields = resource('product_custom_fields')
export const categories = resource('categories')
export const skus = catalog.derived.get('skus') as Derived

const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp()
})

/** A folder that is gone after the test. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'mirror-'))
  cleanUps.push(() => rmSync(path, { recursive: true }))
  return path
}

/** A mirror that is closed after the test. */
export const mirrorAt = (path = join(folder(), 'store.db'), definitions: Catalog = catalog): Mirror => {
  const mirror = openMirror({ path, catalog: definitions, migrations: MIGRATIONS })
  cleanUps.push(() => mirror.close())
  return mirror
}

/** The file as anybody else sees it. */
export const look = <Row>(mirror: Mirror, sql: string): Row[] => {
  const db = new Database(mirror.path, { readonly: true })
  try {
    return db.prepare(sql).all() as Row[]
  } finally {
    db.close()
  }
}

export const begin = (mirror: Mirror, what: Resource = products, full = true, since: string | null = null): PullState =>
  mirror.beginPull(what, { full, since, at: AT, run: 'r1' })

export const EVERY_KEY: KeyRange = { after: null, upTo: null }

export const page = (bodies: readonly Body[], more: Partial<PageWrite> = {}): PageWrite => ({
  resource: products,
  children: [],
  rows: bodies.map((body) => ({ body })),
  at: AT,
  run: 'r1',
  ...more,
})

/** A whole full pull in one page. */
export const pulled = (mirror: Mirror, bodies: readonly Body[], more: Partial<PageWrite> = {}): PullState => {
  const write = page(bodies, { covers: EVERY_KEY, ...more })
  const { pull } = mirror.savePage(begin(mirror, write.resource), write, { cursor: 1, open: [] })
  mirror.endPull(pull, { complete: true, expected: bodies.length, watermark: write.at, at: write.at })
  return pull
}

export const product = (id: number, more: Body = {}): Body => ({
  id,
  name: `Product ${id}`,
  sku: `P-${id}`,
  price: 10,
  sale_price: 0,
  inventory_level: 3,
  inventory_tracking: 'product',
  base_variant_id: null,
  date_modified: '2026-02-01T00:00:00+00:00',
  view_count: 0,
  ...more,
})

export const variant = (id: number, productId: number, more: Body = {}): Body => ({
  id,
  product_id: productId,
  sku: `V-${id}`,
  price: null,
  sale_price: null,
  inventory_level: 7,
  ...more,
})
