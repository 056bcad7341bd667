import { lookUp, type Resource } from '../model/index.ts'
import type { Page } from '../store/index.ts'
import type { StoreSide } from './context.ts'
import type { ReadingBook } from './reading-book.ts'
import { includesOf } from './scope-of-pull.ts'

/**
 * Reads what changed since the pull's moment off one page of the rows changed last, which tells as well how many rows there are in
 * all. False where the page does not reach back so far, or where the listing has no such page; nothing is saved then.
 */
export const readNewest = async (side: StoreSide, book: ReadingBook): Promise<boolean> => {
  const { resource, children } = book.task
  const { since } = book.state()
  const { list } = resource.api
  if (since === null || !list?.since?.newest || list.total !== 'pagination') return false
  const include = includesOf(children)
  const page = await side.store.page(resource, { newest: true, ...(include.length ? { include } : {}) })
  book.told(page.total)
  const changed = changedSince(page, list.since.field, resource, Date.parse(since))
  const isWhole = page.total !== null && page.bodies.length >= page.total
  if (!changed || (changed.bodies.length === page.bodies.length && !isWhole)) return false
  const answer = { ...page, ...changed, total: changed.bodies.length }
  book.opened(answer)
  book.take(answer, { covers: { after: null, upTo: null } })
  return true
}

/** Null where the rows do not come newest first: then the listing does not do what it was asked for, and proves nothing. */
const changedSince = (
  { bodies, texts }: Page,
  field: string,
  { fields }: Resource,
  since: number,
): Pick<Page, 'bodies' | 'texts'> | null => {
  const moments = bodies.map((body) => Date.parse(String(lookUp(body, fields[field]?.at ?? field))))
  const isInOrder = moments.every((moment, at) => moment <= (moments[at - 1] ?? Number.POSITIVE_INFINITY))
  if (!isInOrder) return null
  const isNew = (_row: unknown, at: number): boolean => (moments[at] as number) >= since
  return { bodies: bodies.filter(isNew), ...(texts && { texts: texts.filter(isNew) }) }
}
