declare module 'node-bigcommerce' {
  import type { Agent } from 'node:https'

  /** What the bench uses of it; the package has no types. */
  export default class BigCommerce {
    constructor(config: {
      readonly apiVersion: 'v2' | 'v3'
      readonly clientId: string
      readonly responseType: 'json'
      readonly storeHash: string
      readonly accessToken: string
      readonly agent: Agent
    })
    get(path: string): Promise<unknown>
    put(path: string, data: unknown): Promise<unknown>
  }
}
