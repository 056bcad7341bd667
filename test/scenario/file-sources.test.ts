import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readSheet } from 'read-excel-file/node'
import { afterEach, describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { checkAll, loadSettings, openWorkspace, rehearsePlan, syncOne } from '../../src/app/index.ts'
import { seeded } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Fetch } from '../../src/store/index.ts'
import { serveHttp } from '../support/http.ts'
import { startS3 } from '../support/s3.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'
import { hasSshd, sshdNote, startSshd } from '../support/sshd.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4']
const YES = { approvedBy: 'cron', dryRun: false, allow: ['maxChanges', 'allChanged'] }

const open = async (feed: object, fields: object = { price: 'Price' }): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { feed },
    syncs: { prices: { store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, fields } },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
}

const put = (name: string, bytes: string | Uint8Array) => writeFileSync(join(shop.dir, name), bytes)
const csv = (price: string) => `SKU,Price\n${SKUS.map((sku) => `${sku},${price}\n`).join('')}`
const prices = () =>
  SKUS.map((sku) => Number(shop.emulator.state.products.where('sku', sku.toLowerCase())[0]?.['price']))

describe('a sync reads', () => {
  it.each<[string, object, () => Promise<string | Uint8Array> | string | Uint8Array]>([
    ['a gzip of CSV', { type: 'csv', path: 'feed' }, () => gzipSync(csv('10.5'))],
    [
      'CSV of a dialect that is found out',
      { type: 'csv', path: 'feed', delimiter: 'auto' },
      () => csv('10.5').replaceAll(',', ';'),
    ],
    ['TSV', { type: 'tsv', path: 'feed' }, () => csv('10.5').replaceAll(',', '\t')],
    [
      'JSON lines',
      { type: 'jsonl', path: 'feed' },
      () => SKUS.map((sku) => `{"SKU":"${sku}","Price":10.50}\n`).join(''),
    ],
    [
      'JSON',
      { type: 'json', path: 'feed', at: 'items' },
      () => JSON.stringify({ items: SKUS.map((SKU) => ({ SKU, Price: 10.5 })) }),
    ],
    [
      'a workbook',
      { type: 'xlsx', path: 'feed' },
      () =>
        writeXlsxFile([
          [{ value: 'SKU' }, { value: 'Price' }],
          ...SKUS.map((sku) => [{ value: sku }, { value: 10.5 }]),
        ]).toBuffer(),
    ],
    ['the newest file of a pattern', { type: 'csv', path: 'fe*', pick: 'newest' }, () => csv('10.5')],
  ])('%s', async (_what, feed, bytes) => {
    await open(feed)
    put('feed', await bytes())
    expect((await syncOne(shop.workspace, 'prices', YES)).counts).toMatchObject({ applied: 4 })
    expect(prices()).toEqual([10.5, 10.5, 10.5, 10.5])
  })

  it('a file behind an address', async () => {
    const server = await serveHttp((_request, response) => response.end(csv('10.5')))
    try {
      await open({ type: 'csv', path: `${server.origin}/feed.csv` })
      // The shop's time does not pass by itself, and a deadline that it skips to would end the transfer.
      shop.clock.sleep = (_ms, signal) =>
        new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(signal.reason)))
      const source = shop.workspace.source(shop.workspace.sync('prices'))
      let rows = 0
      for await (const items of source.read()) rows += items.length
      expect([rows, source.summary().origin]).toEqual([4, `${server.origin}/feed.csv`])
    } finally {
      await server.close()
    }
  })

  it('a dialect that `check` tells', async () => {
    await open({ type: 'csv', path: 'feed.csv', delimiter: 'auto', encoding: 'auto' })
    put('feed.csv', Buffer.from('SKU;Price;Name\nTEA-1;10;Café\n', 'latin1'))
    expect((await checkAll(shop.workspace, ['main'])).findings).toContainEqual(
      expect.objectContaining({
        what: 'source feed',
        detail: expect.stringMatching(/feed\.csv \(semicolon, windows-1252\): 1 rows$/),
      }),
    )
  })
})

describe('a two-way sync over JSON lines', () => {
  it('writes the store’s edit back into its record, rehearses it on a copy, and comes to rest', async () => {
    await open({ type: 'jsonl', path: 'erp.jsonl', write: true }, { name: { from: 'title', owner: 'both' } })
    const lines = SKUS.map((sku) => `{ "SKU": "${sku}", "title": "${sku}", "more": [1, 2.50] }\n`)
    put('erp.jsonl', lines.join(''))
    await syncOne(shop.workspace, 'prices', YES)
    const id = shop.emulator.state.products.where('sku', 'tea-2')[0]?.id
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { name: 'Green "tea"' })
    shop.clock.advance(60_000)
    await shop.pull()
    const { plan } = await shop.plan({ allow: ['maxChanges'] })
    expect((await rehearsePlan(shop.workspace, plan.plan, undefined)).counts).toMatchObject({ applied: 1 })
    expect(readFileSync(join(shop.dir, 'erp.jsonl'), 'utf8')).toBe(lines.join(''))
    expect((await syncOne(shop.workspace, 'prices', YES)).summary).toMatchObject({ writeBack: 1, update: 0 })
    expect(readFileSync(join(shop.dir, 'erp.jsonl'), 'utf8')).toBe(
      lines.join('').replace('"title": "TEA-2"', '"title": "Green \\"tea\\""'),
    )
    shop.clock.advance(600_000)
    expect((await syncOne(shop.workspace, 'prices', YES)).summary).toMatchObject({ writeBack: 0, unchanged: 4 })
    expect(readdirSync(shop.dir).filter((name) => name.includes('tmp'))).toEqual([])
  })
})

const FIELDS = { name: { from: 'Name', owner: 'both' } }

/** A feed is read, the store's edit of one name is written into it, and nothing else happens. */
const goesBothWays = async (
  feed: object,
  env: Record<string, string>,
  read: () => Promise<string> | string,
  write: (text: string) => unknown,
) => {
  await open({ ...feed, write: true }, FIELDS)
  const text = `SKU,Name\n${SKUS.map((sku) => `${sku},${sku}\n`).join('')}`
  await write(text)
  const settings = loadSettings(
    join(shop.dir, 'sync.config.json'),
    { SHOP_TOKEN: shop.emulator.accessToken, ...env },
    catalog,
  )
  const workspace = openWorkspace(settings, {
    signal: new AbortController().signal,
    progress: () => undefined,
    clock: shop.clock,
    random: seeded(3),
    fetch: shop.emulator.fetch as unknown as Fetch,
  })
  expect((await syncOne(workspace, 'prices', YES)).summary).toMatchObject({ unchanged: 4 })
  const id = shop.emulator.state.products.where('sku', 'tea-3')[0]?.id
  await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { name: 'Oolong' })
  shop.clock.advance(60_000)
  expect(await syncOne(workspace, 'prices', YES)).toMatchObject({ state: 'complete', summary: { writeBack: 1 } })
  expect(await read()).toBe(text.replace('TEA-3,TEA-3', 'TEA-3,Oolong'))
  shop.clock.advance(600_000)
  expect((await syncOne(workspace, 'prices', YES)).summary).toMatchObject({ writeBack: 0, unchanged: 4 })
}

describe('a two-way sync over the network', () => {
  it.skipIf(!hasSshd)(`goes over SFTP${sshdNote}`, async () => {
    const server = await startSshd()
    try {
      const file = join(server.dir, 'erp feed.csv')
      const path = `sftp://${server.user}@127.0.0.1:${server.port}${encodeURI(file)}`
      const feed = { type: 'csv', path, privateKey: `file:${join(server.dir, 'client')}`, hostKey: server.hostKey }
      await goesBothWays(
        feed,
        {},
        () => readFileSync(file, 'utf8'),
        (text) => writeFileSync(file, text),
      )
    } finally {
      server.close()
    }
  })

  it('goes over S3', async () => {
    const store = await startS3()
    try {
      const feed = {
        type: 'csv',
        path: 's3://feeds/erp%20feed.csv',
        endpoint: store.origin,
        accessKeyId: 'env:ID',
        secretAccessKey: 'env:KEY',
      }
      const env = { ID: 'S3RVER', KEY: 'S3RVER' }
      await goesBothWays(
        feed,
        env,
        () => store.read('erp feed.csv'),
        (text) => store.write('erp feed.csv', text),
      )
    } finally {
      await store.close()
    }
  })
})

describe('a workbook that is written back', () => {
  it('takes in what the store changed, keeps the rest, and both sides come to rest', async () => {
    await open({ type: 'xlsx', path: 'feed.xlsx', write: true }, { price: { from: 'Price', owner: 'both' } })
    const header = ['SKU', 'Price', 'Note'].map((value) => ({ value, fontWeight: 'bold' as const }))
    const rows = SKUS.map((value) => [{ value }, { value: 10, format: '0.00' }, { value: 'ours' }])
    put('feed.xlsx', await writeXlsxFile([header, ...rows], {}).toBuffer())
    await syncOne(shop.workspace, 'prices', YES)
    shop.clock.advance(60_000)
    const { id } = shop.emulator.state.products.where('sku', 'tea-2')[0] ?? { id: 0 }
    await elsewhere(shop, 'PUT', `/v3/catalog/products/${id}`, { price: 12.5 })
    const report = await syncOne(shop.workspace, 'prices', YES)
    expect([report.state, report.counts.applied]).toEqual(['complete', 1])
    const sheet = await readSheet(join(shop.dir, 'feed.xlsx'))
    expect(sheet.slice(1)).toEqual(SKUS.map((sku) => [sku, sku === 'TEA-2' ? 12.5 : 10, 'ours']))
    expect(readdirSync(shop.dir).filter((name) => name.startsWith('feed'))).toEqual(['feed.xlsx'])
    shop.clock.advance(600_000)
    expect((await syncOne(shop.workspace, 'prices', YES)).summary).toMatchObject({
      writeBack: 0,
      update: 0,
      unchanged: 4,
    })
  })
})
