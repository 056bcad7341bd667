import { createRequire } from 'node:module'
import { code, table } from './text.ts'

/** What each room is for, in one line. */
const PURPOSE: Readonly<Record<string, string>> = {
  model:
    'The words: fields, resources, records, plans, reports, errors, and the interfaces that have two implementations.',
  resources: 'One file for each kind of thing in a store. Data, no code.',
  diff: 'Pure decisions: three-way comparison, where a value is written, guards, routes and cost.',
  store: 'BigCommerce over HTTP: pages, writes, pacing, retries, what an answer means.',
  mirror: 'The local copy, one SQLite file for each store: derived tables, control tables, journal, base, lock.',
  sources: 'The outside side: a location times a format, mapped to canonical rows.',
  emulator: 'A BigCommerce store in one process. It shares definitions with the client, and no code.',
  engine: 'The verbs: pull, plan, push, sync, explain. It sees the adapters as types only.',
  app: 'Settings, and the only place where rooms are put together.',
  daemon: 'Schedules and the queue of runs.',
  cli: 'One file for each verb, and the views for people and machines.',
}

const rooms = createRequire(import.meta.url)('../rooms.cjs') as {
  readonly mayImport: Readonly<Record<string, readonly string[]>>
  readonly mayImportTypes: Readonly<Record<string, readonly string[]>>
}

/** The rooms with what each may import, from the table that the checks enforce. */
export const roomsTable = (): string =>
  table(
    ['room', 'holds', 'may import'],
    Object.entries(rooms.mayImport).map(([room, imports]) => [
      code(`src/${room}`),
      purposeOf(room),
      [...imports.map(code), ...(rooms.mayImportTypes[room] ?? []).map((one) => `${code(one)} (types)`)].join(', ') ||
        'nothing',
    ]),
  )

/** The rooms, one line each. */
export const roomsList = (): string =>
  Object.keys(rooms.mayImport)
    .map((room) => `- ${code(`src/${room}`)}: ${purposeOf(room)}`)
    .join('\n')

const purposeOf = (room: string): string => {
  const purpose = PURPOSE[room]
  if (!purpose) throw new Error(`tools/docs/rooms.ts does not say what src/${room} is for`)
  return purpose
}
