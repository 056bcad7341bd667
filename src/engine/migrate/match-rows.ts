import { movedValues } from '../../diff/index.ts'
import { keyText, type LeftBehind, nameField, pick, type Resource, stableJson, type Values } from '../../model/index.ts'
import type { Copy } from './copies.ts'
import { labelOf } from './label.ts'
import { type Moving, standsFor } from './moving.ts'
import { type NaturalKey, naturalKeys } from './natural-keys.ts'
import { type OldRow, oldRows, whyItStays } from './old-rows.ts'

/** What is known of the old rows that nothing stands for yet. */
export interface Matches {
  /** A row of the new store is the same thing. */
  readonly found: readonly Found[]
  /** Nothing there is. */
  readonly fresh: readonly OldRow[]
  /** It cannot be told which one is. */
  readonly doubtful: readonly { readonly old: OldRow; readonly reason: string }[]
}

export interface Found {
  readonly old: OldRow
  /** Key and values of the row that is the same. */
  readonly to: Values
  readonly values: Values
  /** The fields that told. */
  readonly how: string
}

/**
 * Looks for the old rows in the new store by what they hold. A row that two ways of looking find different rows for, or that is found
 * for two old rows, is never guessed.
 */
export const matchRows = (moving: Moving, { resource, create }: Copy): Matches => {
  const all = [...oldRows(moving, resource)].filter((old) => !whyItStays(moving, resource, old))
  const open = all.filter((old) => !moving.map.get(resource.name, keyOf(resource, old.held)))
  if (!open.length) return { found: [], fresh: [], doubtful: [] }
  const keys = naturalKeys(moving.context.catalog, resource)
  const indexes = keys.map((key, at) => {
    const texts = textsOf(moving, resource, key, all)
    return { key, ...indexOf(moving, resource, key), texts: at < keys.length - 1 ? alone(texts) : texts }
  })
  const twice = create
    ? twins(resource, indexes.find(({ key }) => key.fields.join() === create.key.join())?.texts)
    : NONE
  const found: Found[] = []
  const fresh: OldRow[] = []
  const doubtful: { old: OldRow; reason: string }[] = []
  for (const old of open) {
    const ways = indexes.flatMap(({ key, rows, texts }) => {
      const text = texts.get(old)
      const row = text === undefined ? undefined : rows.get(text)
      return row === undefined ? [] : [{ how: key.name, row, isName: key.fields.includes(nameField(resource)) }]
    })
    // What people say it is called goes before everything else.
    const said = old.isNamed ? ways.filter(({ isName, row }) => isName && row !== SEVERAL) : []
    const met = said.length ? said : ways
    const taken = indexes.find(({ texts, taken }) => taken.has(texts.get(old) ?? ''))
    const first = met.find((one): one is typeof one & { row: Values } => one.row !== SEVERAL)
    const reason = twice.get(old) ?? (taken && heldText(taken.key)) ?? whyDoubtful(resource, met)
    if (reason !== undefined) doubtful.push({ old, reason })
    else if (first) found.push({ old, to: pick(first.row, resource.key), values: first.row, how: first.how })
    else fresh.push(old)
  }
  const { sole, claimed } = soleClaims(resource, found)
  return { found: sole, fresh, doubtful: [...doubtful, ...claimed] }
}

export const keyOf = (resource: Resource, row: Values): string => keyText(pick(row, resource.key))

/** An old row that stays behind, but for the reason. */
export const aboutOf = (resource: Resource, { held }: OldRow): Omit<LeftBehind, 'reason'> => ({
  resource: resource.name,
  key: keyOf(resource, held),
  label: labelOf(held),
})

const SEVERAL = 'several'
type Row = Values | typeof SEVERAL

/** The rows of the new store by what they say of themselves, and what those say that stand for others and that only one may say. */
const indexOf = (
  { to, map }: Moving,
  resource: Resource,
  key: NaturalKey,
): { readonly rows: ReadonlyMap<string, Row>; readonly taken: ReadonlySet<string> } => {
  const rows = new Map<string, Row>()
  const taken = new Set<string>()
  const numbered = numbering(resource)
  const [field = '', ...more] = key.fields
  const isSole = !more.length && resource.fields[field]?.unique !== undefined
  for (const { values } of to.mirror.lookup(resource, resource.key).all()) {
    const text = numbered(key.text(values))
    if (text === undefined) continue
    if (!map.isTaken(resource.name, pick(values, resource.key))) rows.set(text, rows.has(text) ? SEVERAL : values)
    else if (isSole) taken.add(text)
  }
  return { rows, taken }
}

/** What old rows say of themselves, with the new store's references in it. */
const textsOf = (
  moving: Moving,
  resource: Resource,
  key: NaturalKey,
  all: readonly OldRow[],
): ReadonlyMap<OldRow, string | undefined> => {
  const numbered = numbering(resource)
  return new Map(all.map((old) => [old, numbered(key.text(asThere(moving, resource, key, old.says)))]))
}

/** Tells rows apart by their order that are the same, where that is what tells them. */
const numbering = ({ moves }: Resource): ((text: string | undefined) => string | undefined) => {
  const met = new Map<string, number>()
  return (text) => {
    if (!moves?.alike || text === undefined) return text
    const place = (met.get(text) ?? 0) + 1
    met.set(text, place)
    return `${text}\n${place}`
  }
}

/** What several old rows say of themselves tells none of them, as long as there is another way. */
const alone = (texts: ReadonlyMap<OldRow, string | undefined>): ReadonlyMap<OldRow, string | undefined> => {
  const counts = new Map<string, number>()
  for (const text of texts.values()) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1)
  return new Map([...texts].map(([old, text]) => [old, (counts.get(text ?? '') ?? 0) > 1 ? undefined : text]))
}

/** Old rows that would be the same new one. */
const twins = (
  resource: Resource,
  texts: ReadonlyMap<OldRow, string | undefined> = new Map(),
): ReadonlyMap<OldRow, string> => {
  const byText = new Map<string, OldRow[]>()
  for (const [old, text] of texts) if (text !== undefined) byText.set(text, [...(byText.get(text) ?? []), old])
  return new Map(
    [...byText.values()].flatMap((same) =>
      same.length < 2
        ? []
        : same.map((old) => {
            const others = same.filter((one) => one !== old).map(({ held }) => keyOf(resource, held))
            return [
              old,
              `the old store has it twice: ${resource.moves?.by.at(-1)?.join(', ')} is that of ${others.join(', ')} too`,
            ]
          }),
    ),
  )
}

const NONE: ReadonlyMap<OldRow, string> = new Map()

/** A row that is found for several old ones stands for none of them. */
const soleClaims = (
  resource: Resource,
  found: readonly Found[],
): { readonly sole: readonly Found[]; readonly claimed: Matches['doubtful'] } => {
  const byRow = new Map<string, Found[]>()
  for (const one of found) byRow.set(stableJson(one.to), [...(byRow.get(stableJson(one.to)) ?? []), one])
  const claims = [...byRow.values()]
  return {
    sole: claims.flatMap((same) => (same.length === 1 ? same : [])),
    claimed: claims
      .filter(({ length }) => length > 1)
      .flatMap((same) =>
        same.map(({ old, how }) => {
          const others = same.filter((one) => one.old !== old).map((one) => keyOf(resource, one.old.held))
          return { old, reason: `${how} leads to a row that is found for ${others.join(', ')} too` }
        }),
      ),
  }
}

/** A row's natural key with the new store's references in it. */
const asThere = (moving: Moving, { fields }: Resource, key: NaturalKey, says: Values): Values =>
  movedValues(fields, key.fields, says, standsFor(moving)).values

const heldText = ({ name }: NaturalKey): string => `its ${name} is that of a row that stands for another one`

const whyDoubtful = (
  resource: Resource,
  met: readonly { readonly how: string; readonly row: Row }[],
): string | undefined => {
  if (!met.length) return undefined
  if (met.every(({ row }) => row === SEVERAL))
    return `several ${resource.name} of the new store have its ${met[0]?.how}`
  const [one, two] = new Map(
    met.flatMap(({ how, row }) => (row === SEVERAL ? [] : [[stableJson(pick(row, resource.key)), how] as const])),
  ).values()
  return two === undefined ? undefined : `its ${one} is that of one row of the new store, its ${two} that of another`
}
