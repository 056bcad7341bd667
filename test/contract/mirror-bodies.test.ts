import { afterEach, expect, it } from 'vitest'
import { filledFrom } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { openShop, type Shop } from '../support/shop.ts'

const shops: Shop[] = []
afterEach(() => {
  for (const shop of shops.splice(0)) shop.close()
})

const open = (options: Parameters<typeof openShop>[0]): Shop => {
  const shop = openShop({ ...options, store: { resources: [...catalog.resources.keys()] } })
  shops.push(shop)
  return shop
}

/** What a mirror says of every resource, without the marks of its own reading. */
const rowsOf = (shop: Shop): Record<string, unknown> =>
  Object.fromEntries(
    [...catalog.resources.values()].map(({ name, key }) => [
      name,
      shop.rows(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`).map((row) => {
        const { synced_at: _at, row_hash: _hash, extra, ...rest } = row
        return { ...rest, extra: extra === null ? null : JSON.parse(String(extra)) }
      }),
    ]),
  )

it('a store filled from a mirror is the same store again to whoever pulls it', async () => {
  const first = open({ emulator: { products: 40, orders: 25, plan: 'unlimited', oddSkus: true } })
  await first.pull()
  const second = await first.workspace.withMirror('main', (mirror) =>
    open({
      emulator: { plan: 'unlimited', data: filledFrom(catalog, (resource) => mirror.bodies(resource), [1]) },
    }),
  )
  await second.pull()
  const [before, after] = [rowsOf(first), rowsOf(second)]
  for (const name of catalog.resources.keys()) expect(after[name], name).toEqual(before[name])
})
