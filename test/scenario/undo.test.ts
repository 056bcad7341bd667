import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { pushPlan, resolveConflicts, syncOne, undoRun } from '../../src/app/index.ts'
import type { Plan } from '../../src/model/index.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { elsewhere, simpleProduct } from '../support/shop-tools.ts'

let shop: Shop
afterEach(() => shop.close())

const SKUS = ['TEA-1', 'TEA-2', 'TEA-3', 'TEA-4', 'TEA-5', 'TEA-6']
const ALL = ['maxChanges', 'maxCreates=100%', 'maxHides=100%', 'maxSourceDrop', 'priceScale', 'maxConflicts']

interface Row {
  name?: string
  price?: string
  shown?: string
}

/** A shop whose two sides have agreed on everything. */
const open = async (sync: object = {}, fields: object = {}): Promise<void> => {
  shop = openShop({
    emulator: { products: 0, plan: 'unlimited' },
    store: { settleMs: 0 },
    sources: { feed: { type: 'csv', path: 'feed.csv', write: true } },
    syncs: {
      goods: {
        ...{ store: 'main', resource: 'products', source: 'feed', key: { sku: 'SKU' }, ...sync },
        fields: { price: 'Price', ...fields },
      },
    },
  })
  for (const sku of SKUS) await simpleProduct(shop, sku, 10)
  shop.clock.advance(60_000)
  write({})
  await run()
}

const file = () => join(shop.dir, 'feed.csv')
const write = (rows: Record<string, Row>, skus: readonly string[] = SKUS) =>
  writeFileSync(
    file(),
    `SKU,Name,Price,Type,Weight,Shown\n${skus
      .map((sku) => {
        const { name = sku, price = '10', shown = 'true' } = rows[sku] ?? {}
        return `${sku},${name},${price},physical,1,${shown}\n`
      })
      .join('')}`,
  )
const product = (sku: string) => shop.emulator.state.products.where('sku', sku.toLowerCase())[0]
const priceOf = (sku: string) => product(sku)?.price
const cellOf = (sku: string) => readFileSync(file(), 'utf8').match(new RegExp(`^${sku},([^,]*),`, 'm'))?.[1]
const edit = async (sku: string, values: object) => {
  shop.clock.advance(60_000)
  await elsewhere(shop, 'PUT', `/v3/catalog/products/${product(sku)?.id}`, values)
}
const run = () => syncOne(shop.workspace, 'goods', { approvedBy: 'cron', dryRun: false, allow: ALL })
/** A scheduled run some time later. */
const later = () => {
  shop.clock.advance(3_600_000)
  return run()
}
const undo = async (id: string): Promise<Plan> =>
  (await undoRun(shop.workspace, id, { allow: ALL, store: undefined })).plan
const push = (id: string) => pushPlan(shop.workspace, id, { approvedBy: 'ann', allow: ALL, only: null })
const pushUndo = async (id: string) => push((await undo(id)).plan)
const QUIET = { create: 0, update: 0, remove: 0, writeBack: 0, conflict: 0 }

describe('undoing a run', () => {
  it('restores what it overwrote, and the next scheduled run leaves it so until the file moves', async () => {
    await open()
    write({ 'TEA-1': { price: '11' }, 'TEA-2': { price: '9' } })
    const { run: id } = await later()
    expect([priceOf('TEA-1'), priceOf('TEA-2')]).toEqual([11, 9])
    const plan = await undo(id)
    expect(plan).toMatchObject({ origin: `undo ${id}`, summary: { update: 2, rejected: 0 } })
    expect([priceOf('TEA-1'), priceOf('TEA-2')]).toEqual([11, 9])
    expect((await push(plan.plan)).counts.applied).toBe(2)
    expect([priceOf('TEA-1'), priceOf('TEA-2')]).toEqual([10, 10])
    for (let nights = 0; nights < 2; nights += 1) expect((await later()).summary).toMatchObject(QUIET)
    // An edit in the store does not bring the undone value back either.
    await edit('TEA-1', { price: 10.5 })
    expect((await later()).summary).toMatchObject(QUIET)
    write({ 'TEA-1': { price: '12' }, 'TEA-2': { price: '9' } })
    expect((await later()).summary).toMatchObject({ update: 1 })
    expect([priceOf('TEA-1'), priceOf('TEA-2')]).toEqual([12, 10])
  })

  it('U14: leaves alone and lists what others changed since', async () => {
    await open()
    write({ 'TEA-1': { price: '11' }, 'TEA-2': { price: '9' }, 'TEA-3': { price: '11' } })
    const { run: id } = await later()
    await edit('TEA-2', { price: 7 })
    await elsewhere(shop, 'DELETE', `/v3/catalog/products/${product('TEA-3')?.id}`)
    await shop.pull({ full: true })
    const plan = await undo(id)
    expect(plan.changes).toMatchObject([{ key: { sku: 'TEA-1' }, fields: [{ from: '11', to: '10' }] }])
    expect(plan.rejected).toMatchObject([
      { key: { sku: 'TEA-2' }, column: 'price', reason: 'changed since: "7" now, "9" was written' },
      { key: { sku: 'TEA-3' }, reason: 'gone from the store' },
    ])
    await push(plan.plan)
    expect([priceOf('TEA-1'), priceOf('TEA-2')]).toEqual([10, 7])
  })

  it('U14: skips what others change between the plan and its push', async () => {
    await open()
    write({ 'TEA-1': { price: '11' } })
    const plan = await undo((await later()).run)
    await edit('TEA-1', { price: 7 })
    expect((await push(plan.plan)).rows).toMatchObject([{ state: 'skipped' }])
    expect(priceOf('TEA-1')).toBe(7)
  })

  it('leaves alone what a later run wrote over it', async () => {
    await open()
    write({ 'TEA-1': { price: '11' } })
    const { run: id } = await later()
    write({ 'TEA-1': { price: '12' } })
    await later()
    const plan = await undo(id)
    expect([plan.changes, plan.rejected]).toMatchObject([[], [{ reason: 'changed since: "12" now, "11" was written' }]])
  })

  it('can be undone itself', async () => {
    await open()
    write({ 'TEA-1': { price: '11' } })
    const { run: id } = await later()
    const { run: second } = await pushUndo(id)
    expect(priceOf('TEA-1')).toBe(10)
    await pushUndo(second)
    expect(priceOf('TEA-1')).toBe(11)
    expect((await later()).summary).toMatchObject(QUIET)
    await edit('TEA-1', { price: 10.5 })
    expect((await later()).summary).toMatchObject({ update: 1 })
  })

  it('passes the guards like any other change: what costs more by now is not sold at the old price', async () => {
    await open()
    write({ 'TEA-1': { price: '11' } })
    const { run: id } = await later()
    await edit('TEA-1', { cost_price: 10.5 })
    await shop.pull()
    expect((await undo(id)).held).toMatchObject([{ key: { sku: 'TEA-1' }, guard: 'priceFloor' }])
  })

  it('takes only the fields of a row that the run wrote', async () => {
    await open({}, { name: { from: 'Name', owner: 'source' } })
    write({ 'TEA-1': { price: '11', name: 'Assam' } })
    await shop.pull()
    const { plan } = await shop.plan({ sync: 'goods', allow: ALL })
    await edit('TEA-1', { name: 'Assam' })
    const { run: id } = await push(plan.plan)
    const undone = await undo(id)
    expect(undone.changes.flatMap(({ fields }) => fields.map(({ field }) => field))).toEqual(['price'])
  })

  it('knows a run by what it sent, also where a later one found out that it arrived', async () => {
    let isDying = false
    await open()
    write({ 'TEA-1': { price: '11' } })
    const { workspace } = shop
    const dying = {
      ...workspace,
      withStore: ((name, work, use, options) =>
        workspace.withStore(
          name,
          work,
          (side) => {
            const { store } = side
            const send: typeof store.send = async (...args) => {
              await store.send(...args)
              isDying = true
              throw new Error('killed')
            }
            return use({ ...side, store: { ...store, send } })
          },
          options,
        )) as typeof workspace.withStore,
    }
    await expect(syncOne(dying, 'goods', { approvedBy: 'cron', dryRun: false, allow: ALL })).rejects.toThrow('killed')
    expect([isDying, priceOf('TEA-1')]).toEqual([true, 11])
    const [killed] = await workspace.withMirror('main', (mirror) => mirror.runs(1))
    const { run: healer } = await later()
    await expect(undo(healer)).rejects.toThrow(`run ${healer} wrote nothing, so there is nothing to undo`)
    expect((await undo(killed?.run ?? '')).changes).toMatchObject([{ fields: [{ from: '11', to: '10' }] }])
  })

  it('holds also where its request was not answered, although the value of before is back', async () => {
    await open()
    write({ 'TEA-1': { price: '11' } })
    const { run: id } = await later()
    const plan = await undo(id)
    shop.emulator.faults.set([{ kind: 'status', status: 502, when: 'after', method: 'PUT', times: 1 }])
    expect((await push(plan.plan)).rows).toMatchObject([{ state: 'applied', reason: 'found in the store' }])
    // The mirror is not pulled in between: what it shows is what was there before the run wrote its price.
    expect((await shop.plan({ sync: 'goods', allow: ALL })).plan.summary).toMatchObject(QUIET)
    expect((await later()).summary).toMatchObject(QUIET)
    expect(priceOf('TEA-1')).toBe(10)
  })

  it('says what cannot be undone', async () => {
    await open()
    const { run: quiet } = await later()
    await expect(undo(quiet)).rejects.toMatchObject({
      exit: 2,
      message: `run ${quiet} wrote nothing, so there is nothing to undo`,
    })
    await expect(undo('r99')).rejects.toMatchObject({ exit: 2, message: 'there is no run r99' })
  })
})

describe('undoing creations and removals', () => {
  const whole = { name: 'Name', type: 'Type', weight: 'Weight' }

  it.each([
    ['', {}],
    [', also where the file says that it is to be seen', { is_visible: 'Shown' }],
  ])('hides what the run created%s, and the next run lets it be', async (_where, more) => {
    await open(
      { create: true, createDefaults: { is_visible: true, categories: [], channels: 'default' } },
      { ...whole, ...more },
    )
    write({}, [...SKUS, 'TEA-7'])
    const { run: id } = await later()
    expect(product('TEA-7')?.is_visible).toBe(true)
    const plan = await undo(id)
    expect(plan.changes).toMatchObject([{ action: 'hide', key: { sku: 'TEA-7' } }])
    const { run: second } = await push(plan.plan)
    expect(product('TEA-7')?.is_visible).toBe(false)
    expect((await later()).summary).toMatchObject(QUIET)
    expect(product('TEA-7')?.is_visible).toBe(false)
    await pushUndo(second)
    expect(product('TEA-7')?.is_visible).toBe(true)
    expect((await later()).summary).toMatchObject(QUIET)
  })

  it('shows again what the run hid, and the next run does not hide it again', async () => {
    await open({ remove: 'hide' })
    write({}, SKUS.slice(1))
    const { run: id } = await later()
    expect(product('TEA-1')?.is_visible).toBe(false)
    await pushUndo(id)
    expect(product('TEA-1')?.is_visible).toBe(true)
    for (let nights = 0; nights < 2; nights += 1) expect((await later()).summary).toMatchObject(QUIET)
    expect(product('TEA-1')?.is_visible).toBe(true)
  })

  it('cannot bring back what the run deleted, and says so', async () => {
    await open({ remove: 'delete', guards: { maxDeletes: 6 } })
    write({}, SKUS.slice(1))
    const { run: id } = await later()
    expect(product('TEA-1')).toBeUndefined()
    const plan = await undo(id)
    expect([plan.changes, plan.rejected]).toMatchObject([
      [],
      [{ key: { sku: 'TEA-1' }, reason: 'deleted rows cannot be brought back; create it again from the source' }],
    ])
  })
})

describe('undoing where both sides have a say', () => {
  const name = (owner: string, more: object = {}) => ({ name: { from: 'Name', owner, ...more } })

  it('of a field that both own stays undone, and an edit of either side goes on from there', async () => {
    await open({}, name('both'))
    write({ 'TEA-1': { name: 'Assam' }, 'TEA-2': { name: 'Ceylon' } })
    await pushUndo((await later()).run)
    expect([product('TEA-1')?.name, cellOf('TEA-1')]).toEqual(['TEA-1', 'Assam'])
    expect((await later()).summary).toMatchObject(QUIET)
    await edit('TEA-1', { name: 'Oolong' })
    write({ 'TEA-1': { name: 'Assam' }, 'TEA-2': { name: 'Sencha' } })
    expect((await later()).summary).toMatchObject({ update: 1, writeBack: 1, conflict: 0 })
    expect([cellOf('TEA-1'), product('TEA-2')?.name]).toEqual(['Oolong', 'Sencha'])
  })

  it.each(['store', 'both'])(
    'puts the cells back that were written into the file, of owner %s, and they stay',
    async (owner) => {
      await open({}, name(owner))
      await edit('TEA-1', { name: 'Assam' })
      const { run: id } = await later()
      expect(cellOf('TEA-1')).toBe('Assam')
      const { run: second } = await pushUndo(id)
      expect([product('TEA-1')?.name, cellOf('TEA-1')]).toEqual(['Assam', 'TEA-1'])
      for (let nights = 0; nights < 2; nights += 1) expect((await later()).summary).toMatchObject(QUIET)
      expect(cellOf('TEA-1')).toBe('TEA-1')
      await pushUndo(second)
      expect(cellOf('TEA-1')).toBe('Assam')
      expect((await later()).summary).toMatchObject(QUIET)
    },
  )

  it('of a field that the store owns lets the file’s own edit be, and carries the store’s next one', async () => {
    await open({}, name('store'))
    await edit('TEA-1', { name: 'Assam' })
    await pushUndo((await later()).run)
    write({ 'TEA-1': { name: 'by hand' } })
    expect((await later()).summary).toMatchObject(QUIET)
    await edit('TEA-1', { name: 'Ceylon' })
    expect((await later()).summary).toMatchObject({ writeBack: 1 })
    expect(cellOf('TEA-1')).toBe('Ceylon')
  })

  it('leaves a cell alone that somebody changed since', async () => {
    await open({}, name('store'))
    await edit('TEA-1', { name: 'Assam' })
    const { run: id } = await later()
    write({ 'TEA-1': { name: 'by hand' } })
    expect((await pushUndo(id)).rows).toMatchObject([{ state: 'skipped' }])
    expect(cellOf('TEA-1')).toBe('by hand')
  })

  it('leaves an edit of the store alone that was accepted and not written back', async () => {
    await open({}, name('both', { writeBack: false }))
    write({ 'TEA-1': { name: 'Assam' } })
    const { run: id } = await later()
    await edit('TEA-1', { name: 'Oolong' })
    await later()
    expect((await undo(id)).rejected).toMatchObject([{ reason: 'changed since: "Oolong" now, "Assam" was written' }])
  })

  it('of a decision about a conflict leaves both sides as they were, and does not ask again', async () => {
    await open({}, name('both'))
    await edit('TEA-1', { name: 'in the store' })
    write({ 'TEA-1': { name: 'in the file' } })
    await later()
    const { plan } = await resolveConflicts(shop.workspace, ['c1'], {
      take: 'Earl Grey',
      by: 'ann',
      allow: ALL,
      store: undefined,
    })
    const { run: id } = await push(plan?.plan ?? '')
    expect([product('TEA-1')?.name, cellOf('TEA-1')]).toEqual(['Earl Grey', 'Earl Grey'])
    await pushUndo(id)
    expect([product('TEA-1')?.name, cellOf('TEA-1')]).toEqual(['in the store', 'in the file'])
    expect((await later()).summary).toMatchObject(QUIET)
  })
})

describe('an old mirror', () => {
  it('P4, U12: put in the place of the present one overwrites nothing', async () => {
    await open({ recheck: 'all' })
    const mirror = shop.workspace.settings.stores['main']?.mirror ?? ''
    copyFileSync(mirror, `${mirror}.old`)
    write({ 'TEA-1': { price: '11' } })
    await later()
    await edit('TEA-2', { name: 'Edited' })
    copyFileSync(`${mirror}.old`, mirror)
    const before = shop.emulator.log.length
    expect((await later()).summary).toMatchObject(QUIET)
    expect(shop.emulator.log.length).toBe(before)
    expect([priceOf('TEA-1'), product('TEA-2')?.name]).toEqual([11, 'Edited'])
  })
})
