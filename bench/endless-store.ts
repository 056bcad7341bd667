import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { elementTexts } from '../src/store/element-texts.ts'
import { recordedAnswers } from './recording.ts'

/** A store on loopback of as many products as wanted. */
export interface EndlessStore {
  readonly origin: string
  close(): void
}

/**
 * Serves the first page of a recording over and over, each time with other ids and SKUs: made as it is asked for, so nobody holds it.
 */
export const endlessStore = async (recording: string, products: number): Promise<EndlessStore> => {
  const folder = join(recording, 'answers')
  const identity = recordedAnswers(folder, '/v2/store')[0] ?? ''
  const texts = elementTexts(recordedAnswers(folder, '/v3/catalog/products')[0] ?? '') ?? []
  const rows = texts.map((text) => ({ id: Number(/"id":(\d+)/.exec(text)?.[1]), text }))
  const size = rows.length

  /** How many products have an id up to one. */
  const place = (id: number): number => {
    const block = Math.floor(id / STRIDE)
    const within = rows.filter((row) => row.id <= id - block * STRIDE).length
    return Math.min(products, block * size + within)
  }
  const product = (at: number): string => {
    const offset = Math.floor(at / size) * STRIDE
    const { text } = rows[at % size] as (typeof rows)[number]
    return text
      .replace(KEY, (_all, name: string, id: string) => `"${name}":${Number(id) + offset}`)
      .replace(SKU, `$&${offset}-`)
  }
  const page = (query: URLSearchParams): string => {
    const first = query.has('id:greater') ? place(Number(query.get('id:greater'))) : 0
    const end = query.has('id:max') ? place(Number(query.get('id:max'))) : products
    const limit = Number(query.get('limit'))
    const number = Number(query.get('page') ?? 1)
    const start = first + (number - 1) * limit
    const data = Array.from({ length: Math.max(0, Math.min(limit, end - start)) }, (_none, at) => product(start + at))
    const pagination = { total: end - first, count: data.length, per_page: limit, current_page: number }
    return `{"data":[${data.join(',')}],"meta":${JSON.stringify({ pagination })}}`
  }

  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
    send(response, pathname.endsWith('/v2/store') ? identity : page(searchParams))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Ids of one repetition lie so far from those of the next. */
const STRIDE = 1_000_000

const KEY = /"(id|product_id|base_variant_id|option_id)":(\d+)/g
const SKU = /"sku":"/g

const send = (response: ServerResponse, json: string): void => {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'X-Rate-Limit-Requests-Quota': '7000000',
    'X-Rate-Limit-Requests-Left': '6999999',
    'X-Rate-Limit-Time-Window-Ms': '30000',
    'X-Rate-Limit-Time-Reset-Ms': '30000',
  })
  response.end(json)
}
