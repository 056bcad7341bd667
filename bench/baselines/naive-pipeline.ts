import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { connect } from 'node:net'
import { parse } from 'csv-parse/sync'
import BigCommerce from 'node-bigcommerce'

/** Where the emulated store listens, and who it is. */
interface Shop {
  readonly port: number
  readonly storeHash: string
  readonly accessToken: string
}

interface Product {
  readonly id: number
  readonly price: number
  readonly base_variant_id: number | null
  readonly variants: readonly { readonly id: number; readonly sku: string; readonly price: number | null }[]
}

/**
 * A price update as one writes it with the npm client for BigCommerce: read every product, look each row of the file up, send a
 * request for each price that differs. No mirror, no batches, no guards, and nothing is remembered.
 */
export const naivePipeline = async (shop: Shop, feed: string): Promise<{ readonly changed: number }> => {
  const client = new BigCommerce({
    apiVersion: 'v3',
    clientId: 'bench',
    responseType: 'json',
    storeHash: shop.storeHash,
    accessToken: shop.accessToken,
    agent: agentTo(shop.port),
  })
  const bySku = new Map<string, { product: Product; variant: Product['variants'][number] }>()
  for (let page = 1, more = true; more; page += 1) {
    const { data } = (await client.get(`/catalog/products?include=variants&limit=250&page=${page}`)) as {
      data: Product[]
    }
    for (const product of data) for (const variant of product.variants) bySku.set(variant.sku, { product, variant })
    more = data.length === 250
  }
  let changed = 0
  for (const row of parse(readFileSync(feed), { columns: true }) as Record<string, string>[]) {
    const there = bySku.get(row['sku'] ?? '')
    const price = Number(row['price'])
    if (!there || price === (there.variant.price ?? there.product.price)) continue
    const { product, variant } = there
    const ofProduct = product.base_variant_id === variant.id && variant.price === null
    await client.put(
      ofProduct ? `/catalog/products/${product.id}` : `/catalog/products/${product.id}/variants/${variant.id}`,
      { price },
    )
    changed += 1
  }
  return { changed }
}

/** The client knows one host, and speaks TLS; the emulator listens on this machine without. */
const agentTo = (port: number): Agent => {
  const agent = new Agent({ keepAlive: true })
  Object.assign(agent, { createConnection: () => connect(port, '127.0.0.1') })
  return agent
}
