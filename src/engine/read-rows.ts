import { type Body, isoTime, lookUp, NotFoundError, type Resource, type Value, type Values } from '../model/index.ts'
import type { Purpose } from '../store/index.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { includesOf, type PullTask } from './scope-of-pull.ts'

export interface Reading {
  readonly task: PullTask
  readonly purpose: Purpose
  readonly run: string
}

/**
 * Reads rows by their keys, with what rides inside them, into the mirror. A row that does not answer is gone and is removed from
 * the mirror. Returns how many are gone.
 */
export const readByKeys = async (
  context: Context,
  side: StoreSide,
  reading: Reading,
  keys: readonly Values[],
): Promise<number> => {
  const { resource, children } = reading.task
  const { list } = resource.api
  const gone: Values[] = []
  if (list?.ids && resource.key.length === 1) {
    for (let start = 0; start < keys.length; start += IDS_A_REQUEST) {
      stopIfAsked(context, `the reading of ${resource.name}`)
      const part = keys.slice(start, start + IDS_A_REQUEST)
      const page = await side.store.page(resource, {
        ids: part.map(soleKey),
        include: includesOf(children),
        purpose: reading.purpose,
      })
      save(context, side, reading, page.bodies)
      const found = new Set(page.bodies.map((body) => keyInBody(resource, body)))
      gone.push(...part.filter((key) => !found.has(soleKey(key))))
      context.progress({
        kind: 'advance',
        what: `read ${resource.name}`,
        done: start + part.length,
        total: keys.length,
        eta: null,
      })
    }
  } else if (list?.one) {
    for (const key of keys) {
      stopIfAsked(context, `the reading of ${resource.name}`)
      const body = await readOne(side, list.one, key, reading.purpose)
      if (body) save(context, side, reading, [body])
      else gone.push(key)
    }
  } else {
    return NOTHING_TO_ASK
  }
  side.mirror.remove(resource, gone, reading.run, isoTime(context.clock.now()))
  return gone.length
}

/** The API offers no way to read single rows. */
export const NOTHING_TO_ASK = -1

/** Reads every row changed since a moment into the mirror, or every row where the API cannot tell. */
export const readSince = async (context: Context, side: StoreSide, reading: Reading, since: number): Promise<void> => {
  const { resource, children } = reading.task
  const { list } = resource.api
  let after: number | undefined
  for (let page = 1, last = !list; !last; page += 1) {
    stopIfAsked(context, `the reading of ${resource.name}`)
    const answer = await side.store.page(resource, {
      ...(list?.since ? { since: isoTime(since) } : {}),
      ...(list?.paging === 'keyset' && after !== undefined ? { after } : {}),
      ...(list?.paging === 'page' ? { page } : {}),
      include: includesOf(children),
      purpose: reading.purpose,
    })
    save(context, side, reading, answer.bodies)
    const tail = answer.bodies.at(-1)
    after = tail ? keyInBody(resource, tail) : after
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

const save = (context: Context, side: StoreSide, { task, run }: Reading, bodies: readonly Body[]): void => {
  if (!bodies.length) return
  const rows = bodies.map((body) => ({ body }))
  side.mirror.saveRows({
    resource: task.resource,
    children: task.children,
    rows,
    at: isoTime(context.clock.now()),
    run,
  })
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
