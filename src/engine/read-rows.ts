import { type Body, isoTime, type Resource, type Value, type Values } from '../model/index.ts'
import type { Page, PageRequest, Purpose } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { fieldOf, keyInBody, rowsOf } from './incoming.ts'
import { type ListOf, listField, listsOf } from './lists-of.ts'
import { askedBy, includesOf, type PullTask } from './scope-of-pull.ts'

export interface Reading {
  readonly task: PullTask
  readonly purpose: Purpose
  readonly run: string
}

/**
 * Reads rows by what the API lets them be asked for by, with what rides inside them, into the mirror. Rows that do not answer are
 * returned and stay in the mirror: whether that means "removed" is the caller's to say. Null when the API offers no such way.
 */
export const readByKeys = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  keys: readonly Values[],
): Promise<readonly Values[] | null> => {
  const { resource } = reading.task
  const { list } = resource.api
  if (list?.ids) return readByIds(context, side, reading, keys)
  if (!list?.one) return null
  const gone: Values[] = []
  for (const key of keys) {
    stopIfAsked(context, `the reading of ${resource.name}`)
    const body = await readOne(side, reading, key)
    if (body) save(context, side, reading, [body])
    else gone.push(key)
  }
  return gone
}

const readByIds = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  keys: readonly Values[],
): Promise<readonly Values[]> => {
  if (!keys.length) return []
  const { task, purpose } = reading
  const { resource } = task
  const chunk = Math.min(IDS_A_REQUEST, pageLimit(task))
  const field = askedBy(resource)
  const names = Object.keys(keys[0] ?? {})
  const found = new Set<string>()
  const lists = await listsOf(context, side, resource, purpose)
  const work = lists.map((list) => ({ list, wanted: keysIn(resource, list, keys) }))
  const total = work.reduce((sum, { wanted }) => sum + wanted.length, 0)
  let done = 0
  for (const { list, wanted } of work) {
    for (let start = 0; start < wanted.length; start += chunk) {
      const part = wanted.slice(start, start + chunk)
      const ids = [...new Set(part.map((key) => Number(key[field] ?? soleKey(key))))]
      await readPages(context, side, reading, { ...list, ids }, (page) => {
        for (const row of rowsOf(resource, page))
          found.add(names.map((name) => fieldOf(resource, row, name)).join('\t'))
      })
      done += part.length
      const eta = side.store.eta(Math.ceil((total - done) / chunk))
      context.progress({ kind: 'advance', what: `read ${resource.name}`, done, total, eta })
    }
  }
  return keys.filter((key) => !found.has(names.map((name) => key[name]).join('\t')))
}

/** The keys that a list may hold: all of them where they do not tell which list they are in. */
const keysIn = (resource: Resource, { of }: ListOf, keys: readonly Values[]): readonly Values[] => {
  const name = listField(resource)
  return name === undefined || keys[0]?.[name] === undefined ? keys : keys.filter((key) => key[name] === of)
}

/**
 * Reads every row changed since a moment of the store's time into the mirror, or every row where the API cannot tell.
 * @param only the lists to read, where the rows are in several
 */
export const readSince = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  since: number,
  only?: ReadonlySet<Value>,
): Promise<void> => {
  const { resource } = reading.task
  const request = resource.api.list?.since ? { since: isoTime(since) } : {}
  for (const list of await listsOf(context, side, resource, reading.purpose, isoTime(since))) {
    if (list.of === undefined || (only?.has(list.of) ?? true))
      await readPages(context, side, reading, { ...list, ...request }, () => {})
  }
}

/** Reads every row into the mirror; `total` is how many are expected. */
export const readEvery = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  total: number | null,
): Promise<void> => {
  const { task, purpose } = reading
  let done = 0
  for (const list of await listsOf(context, side, task.resource, purpose)) {
    await readPages(context, side, reading, list, ({ bodies }) => {
      done += bodies.length
      const eta = total === null ? null : side.store.eta(Math.ceil(Math.max(0, total - done) / pageLimit(task)))
      context.progress({ kind: 'advance', what: `read ${task.resource.name}`, done, total, eta })
    })
  }
}

/** Requests that reading so many rows takes: all of them page by page, or some of them by their keys. */
export const requestsFor = (task: PullTask, rows: number, how: 'pages' | 'keys'): number => {
  const { ids, one, paging } = task.resource.api.list ?? {}
  if (how === 'pages') return paging === 'whole' || paging === 'single' ? 1 : Math.ceil(rows / pageLimit(task)) || 1
  if (ids) return Math.ceil(rows / Math.min(IDS_A_REQUEST, pageLimit(task)))
  return one ? rows : Number.POSITIVE_INFINITY
}

const readPages = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  request: PageRequest,
  onPage: (page: Page) => void,
): Promise<void> => {
  const { resource, children } = reading.task
  const { list } = resource.api
  let after: number | undefined
  let cursor: string | undefined
  for (let page = 1, last = !list; !last; page += 1) {
    stopIfAsked(context, `the reading of ${resource.name}`)
    const answer = await side.store.page(resource, {
      ...request,
      ...(list?.paging === 'keyset' && after !== undefined ? { after } : {}),
      ...(list?.paging === 'page' ? { page } : {}),
      ...(cursor === undefined ? {} : { cursor }),
      include: includesOf(children),
      purpose: reading.purpose,
    })
    save(context, side, reading, answer.bodies)
    onPage(answer)
    const tail = answer.bodies.at(-1)
    after = tail ? keyInBody(resource, tail) : after
    cursor = answer.cursor
    last = answer.last
  }
}

/** The row's only key, as a number. */
export const soleKey = (key: Values): number => Number(Object.values(key)[0])

/** Keys in one request; keeps the address below about 2,000 characters. */
const IDS_A_REQUEST = 200

const pageLimit = ({ resource, children }: PullTask): number =>
  children.reduce(
    (least, { api }) => Math.min(least, api.within?.pageSize ?? least),
    resource.api.list?.pageSize ?? IDS_A_REQUEST,
  )

const save = (context: Context, side: StoreSide, { task, run }: Reading, bodies: readonly Body[]): void => {
  if (!bodies.length) return
  const { resource, children } = task
  const at = isoTime(context.clock.now())
  side.mirror.saveRows({ resource, children, rows: rowsOf(resource, { bodies }), at, run })
}

const readOne = async (
  side: StoreSide,
  { task: { resource, children }, purpose }: Reading,
  key: Values,
): Promise<Body | undefined> => {
  const { bodies } = await side.store.page(resource, { ids: [soleKey(key)], include: includesOf(children), purpose })
  return bodies[0]
}
