import { byPlace, placesOf, type Standing } from './in-order.ts'

/** Something that hangs on a row of the store, such as a picture, as the mirror shows it. */
export interface Stored extends Standing {
  /** The store's own file of it. */
  readonly file: string
}

/** What a thing was made from, as we remember it. */
export interface Remembered {
  readonly id: number
  readonly address: string
}

/** What becomes of one wanted address. */
export type Match = { readonly address: string } & (
  | {
      /** The thing that it is; null for one that is to be made. */
      readonly id: number | null
      /** Where it belongs, so that all of them stand in the order that is wanted. */
      readonly place: number
      /** It is to stand for all of them. */
      readonly isFirst: boolean
      /** Known by the name of its file alone: nobody remembers having sent it. */
      readonly isRecognised: boolean
    }
  | { readonly reason: string }
)

/**
 * Finds out which things of the store the addresses of a source already are, so that none is sent twice. An address that is
 * remembered is the thing it was remembered for. One whose query alone or whose folder alone is another, and one that stands where a
 * remembered one is no longer wanted, takes that thing's place. What nobody remembers is recognised by the name of its file. Where nothing is known
 * of any of them and the store has things of its own, nothing can be told, and nothing is made.
 * What is to be made goes first, then what moves, from the last to the first: numbers that the store pushes back meanwhile then
 * do no harm.
 * @param wanted each once, in the order that is wanted.
 * @param isBeside things that are not recognised are others for certain.
 */
export const matchSent = (
  wanted: readonly string[],
  stored: readonly Stored[],
  remembered: readonly Remembered[],
  isBeside: boolean,
): readonly Match[] => {
  const rows = [...stored].sort(byPlace)
  const there = new Set(rows.map(({ id }) => id))
  // What is gone may have been the same address as what stands there.
  const known = new Map(remembered.flatMap(({ id, address }) => (there.has(id) ? [[address, id]] : [])))
  const addressOf = new Map(remembered.map(({ id, address }) => [id, address]))
  const pairs = new Map<string, number>()
  const recognised = new Set<string>()
  for (const address of wanted) {
    const id = known.get(address)
    if (id !== undefined) pairs.set(address, id)
  }
  const free = () => wanted.filter((address) => !pairs.has(address))
  const left = () => rows.filter(({ id }) => !new Set(pairs.values()).has(id))
  const ours = () => left().filter(({ id }) => addressOf.has(id))

  for (const [address, id] of soleOf(free(), ours(), bare, ({ id: one }) => bare(addressOf.get(one) ?? '')))
    pairs.set(address, id)
  // A file of the same name from elsewhere, also where a lost memory had it under that name.
  for (const [address, id] of soleOf(free(), ours(), stemOfAddress, ({ file }) => stemOfFile(file)))
    if (stemOfAddress(address) !== '') pairs.set(address, id)
  const reasons = new Map<string, string>()
  const strangers = left().filter(({ id }) => !addressOf.has(id))
  for (const [stem, addresses] of groups(free(), stemOfAddress)) {
    const same = strangers.filter(({ file }) => stem !== '' && stemOfFile(file) === stem)
    if (!same.length) continue
    const [address = ''] = addresses
    if (addresses.length === 1 && same.length === 1) {
      pairs.set(address, same[0]?.id ?? Number.NaN)
      recognised.add(address)
    } else {
      const reason = `the store has ${same.length} by the name of ${same[0]?.file}, and which of them this is cannot be told`
      for (const one of addresses) reasons.set(one, reason)
    }
  }
  const unknown = free().filter((address) => !reasons.has(address))
  for (const [address, id] of inSameGaps(wanted, rows, pairs, unknown, ours())) pairs.set(address, id)
  if (!pairs.size && !remembered.length && strangers.length && !isBeside) {
    const reason = `the store has ${strangers.length} of its own, such as ${strangers[0]?.file}, and whether this is one of them cannot be told`
    for (const address of free()) reasons.set(address, reasons.get(address) ?? reason)
  }

  const sound = wanted.filter((address) => !reasons.has(address))
  const byId = new Map(rows.map((row) => [row.id, row]))
  const placed = placesOf(
    sound.map((address) => byId.get(pairs.get(address) ?? Number.NaN)),
    rows.at(-1)?.place ?? null,
  )
  return wanted.map((address): Match => {
    const reason = reasons.get(address)
    if (reason !== undefined) return { address, reason }
    return {
      address,
      id: pairs.get(address) ?? null,
      place: placed[sound.indexOf(address)] ?? 0,
      isFirst: address === wanted[0],
      isRecognised: recognised.has(address),
    }
  })
}

/** An address without its query: `a.jpg?v=2` is another version of `a.jpg?v=1`. */
const bare = (address: string): string => address.split(/[?#]/)[0] ?? ''

/** Whether the store's file may be what an address led to: it keeps the name. */
export const isFileOf = (file: string, address: string): boolean =>
  stemOfAddress(address) !== '' && stemOfFile(file) === stemOfAddress(address)

/** The name of a file without folder and ending, letters and digits alone: the store changes what is between them. */
export const stemOfAddress = (address: string): string => {
  const name = bare(address).split('/').at(-1) ?? ''
  return plain(decoded(name).replace(/\.\w+$/, ''))
}

/** The store adds two underscores and a number (docs/bigcommerce.md, Images). */
export const stemOfFile = (file: string): string => {
  const name = file.split('/').at(-1) ?? ''
  return plain(name.replace(/\.\w+$/, '').replace(/__\d+$/, ''))
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const groups = <T>(all: readonly T[], nameOf: (one: T) => string): ReadonlyMap<string, readonly T[]> => {
  const found = new Map<string, T[]>()
  for (const one of all) found.set(nameOf(one), [...(found.get(nameOf(one)) ?? []), one])
  return found
}

/** Pairs that one name tells: nothing else on either side goes by it. */
const soleOf = (
  addresses: readonly string[],
  rows: readonly Stored[],
  nameOf: (address: string) => string,
  nameOfRow: (row: Stored) => string,
): readonly (readonly [string, number])[] => {
  const named = groups(rows, nameOfRow)
  return [...groups(addresses, nameOf)].flatMap(([name, [address, second]]) => {
    const [row, other] = named.get(name) ?? []
    return address !== undefined && second === undefined && row && !other ? [[address, row.id] as const] : []
  })
}

/** New addresses and old things between the same two neighbours, one after the other: these took the place of those. */
const inSameGaps = (
  wanted: readonly string[],
  rows: readonly Stored[],
  pairs: ReadonlyMap<string, number>,
  free: readonly string[],
  old: readonly Stored[],
): readonly (readonly [string, number])[] => {
  const settled = new Set(pairs.values())
  const gapsOf = <T>(all: readonly T[], idOf: (one: T) => number | undefined, isFree: (one: T) => boolean) => {
    const gaps = new Map<string, T[]>()
    let open: T[] = []
    let before: number | null = null
    for (const one of all) {
      const id = idOf(one)
      if (id === undefined) {
        if (isFree(one)) open.push(one)
        continue
      }
      gaps.set(`${before} ${id}`, open)
      open = []
      before = id
    }
    return gaps.set(`${before} ${null}`, open)
  }
  const above = gapsOf(
    wanted,
    (address) => pairs.get(address),
    (address) => free.includes(address),
  )
  const below = gapsOf(
    rows,
    ({ id }) => (settled.has(id) ? id : undefined),
    (row) => old.includes(row),
  )
  return [...above].flatMap(([gap, addresses]) => {
    const those = below.get(gap) ?? []
    return addresses.slice(0, those.length).map((address, at) => [address, those[at]?.id ?? Number.NaN] as const)
  })
}
