import type { SeenRequest } from '../../src/emulator/server.ts'
import { catalog } from '../../src/resources/index.ts'

/** Requests that wrote to a store, by the resource whose rows they carried. */
export const writesByResource = (requests: readonly SeenRequest[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { method, path } of requests) {
    if (method === 'GET') continue
    const [plain = ''] = path.split('?')
    const found = ROUTES.find((route) => route.verb === method && route.path.test(plain))
    if (!found) throw new Error(`${method} ${path} writes no resource`)
    counts[found.resource] = (counts[found.resource] ?? 0) + 1
  }
  return counts
}

const ROUTES = [...catalog.resources.values()].flatMap(({ name, api }) =>
  [api.create, api.createOther, ...(api.update ?? [])].flatMap((route) =>
    route
      ? [
          {
            resource: name,
            verb: route.verb as string,
            path: new RegExp(`^${route.path.replace(/\{\w+\}/g, '\\d+')}$`),
          },
        ]
      : [],
  ),
)
