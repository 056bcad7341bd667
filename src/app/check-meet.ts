import { type Catalog, UnexpectedAnswerError } from '../model/index.ts'
import type { Store } from '../store/index.ts'

export interface StoreFacts {
  readonly name: string
  readonly domain: string
  readonly currency: string
  /** What the store's clock showed, UTC ISO-8601; null where it does not tell. */
  readonly serverTime: string | null
}

/**
 * Asks a store who it is: the cheapest proof that address and credentials are right. One request.
 * @throws {SkiffError} typed by what is wrong.
 */
export const meet = async (catalog: Catalog, api: Store): Promise<StoreFacts> => {
  const resource = [...catalog.resources.values()].find((one) => one.api.list?.paging === 'single')
  if (!resource) throw new UnexpectedAnswerError('no resource describes the store itself')
  const { bodies, serverTime } = await api.page(resource, { purpose: 'check' })
  const { name, domain, currency } = bodies[0] ?? {}
  if (typeof domain !== 'string' || typeof currency !== 'string') {
    throw new UnexpectedAnswerError('the store did not say who it is', { where: resource.api.list?.path })
  }
  return { name: typeof name === 'string' ? name : '', domain, currency, serverTime }
}
