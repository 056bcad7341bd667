import { thresholdOf } from '../../diff/index.ts'
import {
  type Api,
  pathFields,
  pick,
  type Route,
  type SyncSpec,
  stableJson,
  updateRoute,
  type Values,
} from '../../model/index.ts'
import { firstRows } from '../canary.ts'

/** A row that would be written: what it says, its key included, and the fields that change. */
export interface Changed {
  readonly row: Values
  readonly fields: readonly string[]
}

/** Requests that make rows. */
export const createRequests = (route: Route | undefined, rows: readonly Values[]): number => {
  if (!route) return 0
  const parts = new Map<string, Values[]>()
  for (const row of rows) {
    const path = route.batch === 1 ? '' : stableJson(pick(row, pathFields(route.path)))
    const part = parts.get(path)
    if (part) part.push(row)
    else parts.set(path, [row])
  }
  return [...parts.values()].reduce((sum, part) => sum + Math.ceil(elements(route, part) / route.batch), 0)
}

/** Requests that change rows, those that go first for a look by themselves. */
export const updateRequests = (api: Api, { guards }: Pick<SyncSpec, 'guards'>, changed: readonly Changed[]): number => {
  const limit = thresholdOf('canary', guards, new Map(), false)
  const first = firstRows(limit.kind === 'limit' ? limit.count : null, changed.length)
  return [changed.slice(0, first), changed.slice(first)].reduce((sum, part) => sum + ofOnePart(api, part), 0)
}

const ofOnePart = (api: Api, changed: readonly Changed[]): number => {
  const byRoute = new Map<Route, Values[]>()
  for (const { row, fields } of changed) {
    const route = updateRoute(api, fields)
    if (!route) continue
    const rows = byRoute.get(route)
    if (rows) rows.push(row)
    else byRoute.set(route, [row])
  }
  return [...byRoute].reduce((sum, [route, rows]) => sum + createRequests(route, rows), 0)
}

/** Rows of one owner are one element where a request holds owners. */
const elements = ({ body }: Route, rows: readonly Values[]): number => {
  if (typeof body !== 'object' || !('of' in body)) return rows.length
  return new Set(rows.map((row) => stableJson(pick(row, Object.values(body.of))))).size
}
