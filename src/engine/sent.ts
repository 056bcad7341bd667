import { isFileOf, matchSent, standFor } from '../diff/index.ts'
import type { Mirror, SentRow } from '../mirror/index.ts'
import {
  type Change,
  fileOf,
  isoTime,
  keyText,
  type Part,
  pick,
  type Recognised,
  type Resource,
  refusal,
  type SentPart,
  type SourceItem,
  type SourceRow,
  type SyncSpec,
  type Value,
  type Values,
  webVersionOf,
} from '../model/index.ts'
import type { Written } from './keep-written.ts'
import type { Writing } from './pushing.ts'

/**
 * What the addresses in a row of the source mean for the things of its row of the store: those that are there, with their places,
 * and those that are to be made. What we sent and the source no longer names is told to go where the sync says so.
 * @param parent Key of the row of the store.
 * @param parts Where they lie, in the order that is wanted. A file that cannot be sent stands for what was made of it.
 */
export const sentAsRows = (
  mirror: Mirror,
  resource: SentPart,
  { images }: SyncSpec,
  { line, key: of }: SourceRow,
  parent: Value,
  parts: readonly Part[],
): readonly SourceItem[] => {
  const { sent, part, fields } = resource
  const [id = 'id'] = resource.key
  const link = { [part.link]: parent }
  const addresses = new Map(parts.map(({ key, column }) => [String(key[sent.from]), column]))
  const alts = new Map(parts.map(({ key, values }) => [String(key[sent.from]), values?.[sent.alt]]))
  const faults = new Map(
    parts.flatMap(({ key, fault }) => (fault === undefined ? [] : [[String(key[sent.from]), fault]])),
  )
  const rejected = (address: string, reason: string): SourceItem => ({
    rejection: {
      row: line,
      column: addresses.get(address) ?? '',
      value: faults.get(address)?.value ?? fileOf(address)?.path ?? webVersionOf(address)?.address ?? address,
      reason,
      key: { ...link, [sent.from]: address },
    },
  })
  const reasons = new Map(
    [...addresses.keys()].flatMap((address) => {
      if (faults.has(address)) return []
      const reason =
        REACHABLE.test(address) || fileOf(address)
          ? refusal(fields[sent.from] ?? { kind: 'text' }, webVersionOf(address)?.address ?? address)
          : 'no address that a store can fetch'
      return reason === undefined ? [] : [[address, reason] as const]
    }),
  )
  const rows = mirror.rowsWhere(resource, part.link, parent)
  const remembered = mirror.sent(resource, parent)
  const wanted = [...addresses.keys()].filter((address) => !reasons.has(address))
  const known = standFor(
    wanted,
    remembered.map(({ address }) => address),
  )
  const spoken = new Map(wanted.map((address) => [known.get(address) ?? address, address]))
  const matches = matchSent(
    [...spoken.keys()],
    rows.map((row) => ({ id: Number(row[id]), file: String(row[sent.file]), place: Number(row[sent.place] ?? 0) })),
    remembered.map(({ key, address }) => ({ id: Number(key), address })),
    images?.beside ?? false,
  )
  const there: SourceItem[] = []
  const made: SourceItem[] = []
  const left: SourceItem[] = [...reasons].map(([address, reason]) => rejected(address, reason))
  for (const match of matches) {
    const address = spoken.get(match.address) ?? match.address
    const fault = faults.get(address)
    if (fault !== undefined) {
      left.push(rejected(address, fault.reason))
      continue
    }
    if ('reason' in match) {
      left.push(rejected(address, `${match.reason}; take them out of the store, or say "beside": true for others`))
      continue
    }
    const about = { line, of, column: addresses.get(address) ?? '' }
    const alt = alts.get(address)
    const row = 'id' in match ? rows.find((one) => one[id] === match.id) : undefined
    // It says less, or more, than what is remembered of the same address, and nothing else.
    const isSame = address !== match.address && row?.[sent.from] === match.address
    const values: Values = {
      ...(match.isRecognised || isSame ? {} : { [sent.from]: address }),
      [sent.place]: match.place,
      ...(match.isFirst && images?.thumbnail ? { [sent.first]: true } : {}),
      ...(alt === undefined ? {} : { [sent.alt]: alt }),
    }
    if (match.id === null) made.push({ row: { ...about, key: { ...link, [sent.from]: address }, values } })
    else {
      const isNews = match.isRecognised || (isSame && webVersionOf(address) !== undefined)
      const news = {
        parent,
        key: String(match.id),
        address,
        file: String(row?.[sent.file]),
        isByFile: match.isRecognised,
      }
      const recognised = isNews ? { recognised: news } : {}
      there.push({ row: { ...about, key: { ...link, [id]: match.id }, values, ...recognised } })
    }
  }
  const gone = images?.remove && !left.length ? unwanted(rows, id, remembered, matches) : []
  const removed = gone.map((key): SourceItem => {
    const column = images?.from.join(', ') ?? ''
    return { row: { line, of, column, key: { ...link, [id]: key }, values: {}, command: 'delete' } }
  })
  // From the last to the first: a number that the store pushes back meanwhile is one that stands right already.
  return [...left, ...made, ...there.reverse(), ...removed]
}

const REACHABLE = /^https?:\/\/[^/]+\/./i

/** Things of ours that are there, and that no address of the source is. */
const unwanted = (
  rows: readonly Values[],
  id: string,
  remembered: readonly SentRow[],
  matches: readonly object[],
): readonly number[] => {
  const wanted = new Set(matches.flatMap((match) => ('id' in match ? [match.id] : [])))
  const ours = new Set(remembered.map(({ key }) => Number(key)))
  return rows.map((row) => Number(row[id])).filter((key) => ours.has(key) && !wanted.has(key))
}

/** Whether things were sent to a parent that was written to a moment ago so lately that a reading at `asOf` need not show them. */
export const isYoungSent = (mirror: Mirror, resource: SentPart, parent: Value, asOf: string): boolean => {
  const written = mirror
    .unsettled(asOf)
    .filter((one) => one.resource === resource.part.parent && one.key === String(parent))
    .map(({ appliedAt, until }) => Date.parse(until) - Date.parse(appliedAt))
  const settles = Math.max(0, ...written)
  return mirror.sent(resource, parent).some(({ at }) => Date.parse(at) + settles > Date.parse(asOf))
}

/** Remembers what the files of the store turned out to be made from. */
export const rememberRecognised = (
  mirror: Mirror,
  resource: Resource,
  found: readonly Recognised[],
  at: string,
): void => {
  for (const { parent, isByFile: _told, ...row } of found) mirror.saveSent(resource, parent, [{ ...row, at }])
}

/** Remembers what written rows were made from. A row that was changed otherwise stays what it is, whatever its file is now. */
export const rememberWritten = ({ side }: Writing, written: readonly Written[]): void => {
  for (const { resource, write, echo, saved, at } of written) {
    const { sent, part } = resource
    if (!sent || !part || !echo) continue
    const key = pick(echo as Values, resource.key)
    const address = saved[sent.from] ?? side.mirror.row(resource, key)?.[sent.from]
    if (typeof address !== 'string') continue
    const row = { key: keyText(key), address, file: String(echo[sent.file] ?? ''), at: isoTime(at) }
    side.mirror.saveSent(resource, write.id[part.link] ?? null, [row])
  }
}

/**
 * The row of the store that a change whose answer was lost has made or changed, told by its file: nobody remembers a row by that
 * name, and before the request there was none. Undefined where there is no such row.
 */
export const foundSent = (mirror: Mirror, resource: Resource, { key, entity, fields }: Change): Values | undefined => {
  const { sent, part } = resource
  if (!sent || !part) return undefined
  const address = fields.find(({ field }) => field === sent.from)?.to ?? key[sent.from]
  const parent = key[part.link] ?? null
  if (typeof address !== 'string') return undefined
  const known = new Map(mirror.sent(resource, parent).map((row) => [row.key, row.file]))
  const own = keyText(pick(entity, resource.key))
  return mirror.rowsWhere(resource, part.link, parent).find((row) => {
    const name = keyText(pick(row, resource.key))
    const isNew = own === '' ? !known.has(name) : name === own && known.get(name) !== row[sent.file]
    return isNew && isFileOf(String(row[sent.file]), address)
  })
}

/** Takes down what `foundSent` found, so that the row shows what it was made from. */
export const rememberFound = ({ side, context }: Writing, resource: Resource, change: Change): void => {
  const { sent, part } = resource
  const row = sent && foundSent(side.mirror, resource, change)
  if (!row || !part) return
  const address = String(change.fields.find(({ field }) => field === sent.from)?.to ?? change.key[sent.from])
  side.mirror.saveSent(resource, change.key[part.link] ?? null, [
    { key: keyText(pick(row, resource.key)), address, file: String(row[sent.file]), at: isoTime(context.clock.now()) },
  ])
}
