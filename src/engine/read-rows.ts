import type { Incoming } from '../mirror/index.ts'
import { type Body, isoTime, lookUp, NotFoundError, type Resource, type Value, type Values } from '../model/index.ts'
import type { Page, PageRequest, Purpose } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { rowsOf } from './incoming.ts'
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
    const body = await readOne(side, list.one, key, reading.purpose)
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
  const { resource } = reading.task
  const chunk = Math.min(IDS_A_REQUEST, pageLimit(reading.task))
  const field = askedBy(resource)
  const gone: Values[] = []
  for (let start = 0; start < keys.length; start += chunk) {
    const part = keys.slice(start, start + chunk)
    const names = Object.keys(part[0] ?? {})
    const found = new Set<string>()
    const asked = [...new Set(part.map((key) => Number(key[field] ?? soleKey(key))))]
    await readPages(context, side, reading, { ids: asked }, (page) => {
      for (const row of rowsOf(resource, page.bodies))
        found.add(names.map((name) => fieldOf(resource, row, name)).join('\t'))
    })
    for (const key of part) if (!found.has(names.map((name) => key[name]).join('\t'))) gone.push(key)
    const done = start + part.length
    const eta = side.store.eta(Math.ceil((keys.length - done) / chunk))
    context.progress({ kind: 'advance', what: `read ${resource.name}`, done, total: keys.length, eta })
  }
  return gone
}

/** Reads every row changed since a moment of the store's time into the mirror, or every row where the API cannot tell. */
export const readSince = async (context: Context, side: StoreSide, reading: Reading, since: number): Promise<void> => {
  const request = reading.task.resource.api.list?.since ? { since: isoTime(since) } : {}
  await readPages(context, side, reading, request, () => {})
}

/** Reads every row into the mirror; `total` is how many are expected. */
export const readEvery = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  total: number | null,
): Promise<void> => {
  const { task } = reading
  let done = 0
  await readPages(context, side, reading, {}, ({ bodies }) => {
    done += bodies.length
    const eta = total === null ? null : side.store.eta(Math.ceil(Math.max(0, total - done) / pageLimit(task)))
    context.progress({ kind: 'advance', what: `read ${task.resource.name}`, done, total, eta })
  })
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

export const keyInBody = (resource: Resource, body: Body): number => {
  const name = resource.key[0] ?? 'id'
  return Number(lookUp(body, resource.fields[name]?.at ?? name))
}

/** Keys in one request; keeps the address below about 2,000 characters. */
const IDS_A_REQUEST = 200

const pageLimit = ({ resource, children }: PullTask): number =>
  children.reduce(
    (least, { api }) => Math.min(least, api.within?.pageSize ?? least),
    resource.api.list?.pageSize ?? IDS_A_REQUEST,
  )

const fieldOf = (resource: Resource, { body, enclosing }: Incoming, field: string): unknown =>
  lookUp(body, resource.fields[field]?.at ?? field, enclosing)

const save = (context: Context, side: StoreSide, { task, run }: Reading, bodies: readonly Body[]): void => {
  if (!bodies.length) return
  const { resource, children } = task
  const at = isoTime(context.clock.now())
  side.mirror.saveRows({ resource, children, rows: rowsOf(resource, bodies), at, run })
}

const readOne = async (side: StoreSide, path: string, key: Values, purpose: Purpose): Promise<Body | undefined> => {
  try {
    const answer = await side.store.get(fillPath(path, key), purpose)
    return answer === null ? undefined : (answer as Body)
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}

const fillPath = (path: string, key: Values): string =>
  path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(key[name] as Value)))
