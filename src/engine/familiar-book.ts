import { childKey, fieldsOf, resourcesOf, type Target } from '../diff/index.ts'
import type { FamiliarRecord, MirrorRow, MovedRow } from '../mirror/index.ts'
import {
  Fingerprint,
  keyText,
  matchText,
  pick,
  type RecordPrint,
  type SyncSpec,
  stableJson,
  type Value,
  type Values,
} from '../model/index.ts'
import type { ShapeSample } from './column-shapes.ts'
import type { Context, StoreSide } from './context.ts'
import { FamiliarRows, ownerPrint } from './familiar-rows.ts'
import { keyOf } from './keep-written.ts'
import { sha256 } from './sha.ts'

/** What a sync knows of its source's rows before it is read. */
export interface Memory {
  readonly rows: FamiliarRows
  readonly sample: ShapeSample
  /** Hash of all that decides what the rows mean. */
  readonly bound: string
  /** Of the store's rows that are to be compared again the next time: what we wrote to them no reading has confirmed. */
  readonly unsettled: ReadonlySet<number>
}

/**
 * The rows that need no comparing: they were compared, by these rules and this Skiff, and were as the store is and as both sides had
 * agreed. Those are left out of which something has moved since: the store's row, a row of the store that came to the same key, the
 * base; and those that a guard looks for by name. Undefined for a sync whose rows cannot be judged one by one.
 */
export const recall = (
  context: Context,
  side: StoreSide,
  spec: SyncSpec,
  target: Target,
  configHash: string,
): Memory | undefined => {
  if (!standsAlone(spec)) return undefined
  const bound = boundOf(context, side, spec, target, configHash)
  const kept = side.mirror.familiar(spec.name, bound)
  const unsettled = new Set(
    side.mirror.unsettled('').map(({ resource, key }) => ownerPrint(new Fingerprint(), resource, key)),
  )
  const rows = new FamiliarRows(kept?.rows)
  if (kept) {
    const store = movedInStore(side, spec, target, kept.moved)
    const base = kept.moved.filter((one) => one.side === 'base').map(({ key }) => key)
    rows.disbelieve(
      [...store.keys, ...base, ...sentinelsOf(spec)].map(printOf),
      new Set([...store.owners, ...unsettled]),
    )
  }
  return { rows, sample: kept ? sampleOf(kept) : NOTHING_LEFT_OUT, bound, unsettled }
}

/** What the next plan may pass over, once this one's snapshot is accepted. */
export interface Learnt {
  readonly bound: string
  readonly sample: ShapeSample
  /** Other rows than those that are kept are set aside. */
  readonly isOther: boolean
}

/** Sets aside what was learnt. Nothing can be asked of the memory after it. */
export const setAside = ({ mirror }: StoreSide, { rows, bound }: Memory, sample: ShapeSample): Learnt => {
  const { isOther } = rows
  if (isOther) mirror.setFamiliarAside(rows.packed())
  return { bound, sample, isOther }
}

/** Keeps what was set aside. The base is as it is to be by now. */
export const remember = ({ mirror }: StoreSide, sync: string, { bound, sample, isOther }: Learnt): void => {
  if (isOther) mirror.saveFamiliar(sync, { bound, sample: sample as unknown as Value })
}

/** Prints of the store's rows that a row was compared with. */
export const ownersOf = (target: Target, entity: Values, print: Fingerprint): readonly number[] =>
  target.kind === 'plain'
    ? [ownerPrint(print, target.name, keyText(pick(entity, target.resource.key)))]
    : [
        ownerPrint(print, target.parent.name, String(entity[target.derived.link])),
        ownerPrint(print, target.child.name, String(childKey(target, entity))),
      ]

export const NOTHING_LEFT_OUT: ShapeSample = { limit: null, rows: [] }

/** Whether what a row means and what becomes of it hangs on nothing but its own cells, its store row and its base. */
const standsAlone = ({
  group,
  partOf,
  namedBy,
  parts,
  images,
  command,
  tables,
  fields,
  keyRules = {},
}: SyncSpec): boolean =>
  !group &&
  !partOf &&
  !namedBy &&
  !parts &&
  !images &&
  !command &&
  !tables?.length &&
  Object.values(fields).every(({ names, asOf }) => !names && !asOf) &&
  Object.values(keyRules).every(({ names, chosen }) => !names && !chosen)

const boundOf = ({ tool }: Context, { mirror }: StoreSide, { key }: SyncSpec, target: Target, config: string): string =>
  sha256(
    stableJson({
      ...{ format: FORMAT, tool, config, key: Object.keys(key), fields: fieldsOf(target) },
      ...{ lineage: mirror.lineage(), restored: mirror.restoredAt() },
    }),
  )

/** Of the packed rows and their fingerprints; another one makes all that was kept worthless. */
const FORMAT = 1

const sampleOf = ({ sample }: FamiliarRecord): ShapeSample => sample as unknown as ShapeSample

const sentinelsOf = ({ guards, key }: SyncSpec): readonly string[] => {
  const [field = ''] = Object.keys(key)
  const names = Array.isArray(guards.sentinels) ? (guards.sentinels as readonly string[]) : []
  return names.map((name) => matchText({ [field]: name }))
}

const printOf = (key: string): RecordPrint => {
  const { a, b } = new Fingerprint().ofKey(key)
  return [a, b]
}

/** What moved, and the keys that rows have now which were moved: another row of the source may go by the same. */
const movedInStore = (
  { mirror }: StoreSide,
  spec: SyncSpec,
  target: Target,
  moved: readonly MovedRow[],
): { readonly owners: readonly number[]; readonly keys: readonly string[] } => {
  const names = new Set(resourcesOf(target).map(({ name }) => name))
  const print = new Fingerprint()
  const fields = Object.keys(spec.key)
  const find = rowsOfOwner(mirror, target, fields)
  const rows = new Map(
    moved
      .filter(({ side, name }) => side === 'store' && names.has(name))
      .map(({ name, key }) => [`${name}\n${key}`, { name, key }]),
  )
  return {
    owners: [...rows.values()].map(({ name, key }) => ownerPrint(print, name, key)),
    keys: [...rows.values()].flatMap(({ name, key }) =>
      find(name, key).map(({ values }) => matchText(pick(values, fields))),
    ),
  }
}

/** A target's rows that are made of a row of one of its resources. */
const rowsOfOwner = (mirror: StoreSide['mirror'], target: Target, only: readonly string[]) => {
  if (target.kind === 'plain') {
    const { resource } = target
    const lookup = mirror.lookup(resource, resource.key, only)
    return (_name: string, key: string): readonly MirrorRow[] => lookup.find(keyOf(resource, key))
  }
  const { derived, parent, child } = target
  const own =
    Object.entries(derived.fields).find(([, { of, field }]) => of === 'child' && field === child.key[0])?.[0] ?? ''
  const byParent = mirror.lookup(derived, [derived.link], only)
  const byChild = mirror.lookup(derived, [own], only)
  return (name: string, key: string): readonly MirrorRow[] =>
    name === parent.name
      ? byParent.find({ [derived.link]: Object.values(keyOf(parent, key))[0] ?? null })
      : byChild.find({ [own]: Object.values(keyOf(child, key))[0] ?? null })
}
