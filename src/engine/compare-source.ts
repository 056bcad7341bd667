import { compareKey, type Decided, deedOf, fieldsOf, type KeyResult, SharedStock, type Target } from '../diff/index.ts'
import type { BaseRow, MirrorRow } from '../mirror/index.ts'
import {
  type Change,
  type Facts,
  Fingerprint,
  matchText,
  type Recognised,
  type Rejection,
  type Source,
  type SourceItem,
  type SourceRow,
  type SyncSpec,
  stableJson,
  UsageError,
  type Values,
} from '../model/index.ts'
import { additions } from './additions.ts'
import { BaseAdvance } from './base-advance.ts'
import { ColumnShapes } from './column-shapes.ts'
import { examples, recognisedNotes, restingNotes, unknownNotes } from './compare-notes.ts'
import { comparedFields } from './compared-fields.ts'
import { type Context, type StoreSide, stopIfAsked } from './context.ts'
import { creations } from './creations.ts'
import { type Learnt, type Memory, NOTHING_LEFT_OUT, ownersOf, recall, setAside } from './familiar-book.ts'
import type { RowFacts } from './familiar-rows.ts'
import { labelOf } from './label.ts'
import { looksBehind } from './look-behind.ts'
import { modifiedField, newerSide } from './newer-side.ts'
import { readResolved } from './references.ts'
import { commandedRemoval, removals } from './removals.ts'
import { rulesOf } from './rules-of.ts'
import { Sentinels } from './sentinels.ts'
import { type Met, NONE_PASSED, SourceKeys, surveyBase } from './source-keys.ts'
import type { Reach } from './source-since.ts'
import { StockAges, withAge } from './stock-age.ts'
import { locationNotes, refuseOtherLocation } from './stock-location.ts'
import { appliedSince, currentValues, rowFinder } from './store-rows.ts'

/** What reading a source against the mirror found. */
export interface Found {
  readonly changes: readonly Omit<Change, 'id'>[]
  readonly rejected: readonly Rejection[]
  readonly unchanged: number
  readonly firstContact: number
  readonly facts: Facts
  readonly notes: readonly string[]
  /** What rows of the store turned out to be made from; to be remembered once the snapshot is accepted. */
  readonly recognised: readonly Recognised[]
  /** What the base advances to, and the keys that it may forget, once the snapshot is accepted. */
  readonly agreed: BaseAdvance
  readonly settled: readonly string[]
  /** What stays of those whose rows are in the store still, so that the source does not get them back. */
  readonly parted: readonly BaseRow[]
  /** What the next plan may pass over, once the snapshot is accepted; absent where nothing is remembered. */
  readonly learnt?: Learnt
}

export interface Comparison {
  readonly context: Context
  readonly side: StoreSide
  readonly spec: SyncSpec
  readonly source: Source
  readonly target: Target
  /** Moment since which the mirror is true. */
  readonly asOf: string
  /** Only these keys, as people write them. */
  readonly only: readonly string[] | null
  /** How much of the source is read. */
  readonly reach: Reach
  /** Hash of the config's sections that the plan is bound to. */
  readonly configHash: string
  /** Pass over no row. */
  readonly compareAll?: boolean
}

/**
 * Compares every row of the source with the store's row of that key, in the order of the source. Rows of which it is known what that
 * would find are passed over; what they add to the facts is added.
 * @throws {UsageError} when the sync asks for what the resource or the location cannot do.
 */
export const compareSource = async (comparison: Comparison): Promise<Found> => {
  const { context, side, spec, target, only, reach, configHash } = comparison
  const isWhole = only === null && reach.kind === 'whole' && !spec.partial
  const memory = isWhole && !comparison.compareAll ? recall(context, side, spec, target, configHash) : undefined
  const found = await compareRows(comparison, memory)
  if (found) return found
  memory?.rows.clear()
  return (await compareRows(comparison, memory && { ...memory, sample: NOTHING_LEFT_OUT })) as Found
}

/** Undefined where so much was passed over that the looks of the columns cannot be told. */
const compareRows = async (comparison: Comparison, memory: Memory | undefined): Promise<Found | undefined> => {
  const { context, side, spec, source, target, asOf, reach, configHash } = comparison
  const recent = reach.kind === 'since' ? reach : null
  refuseOtherLocation(side, spec, target)
  const fields = fieldsOf(target)
  const names = Object.keys(spec.fields)
  const lookup = side.mirror.lookup(
    target.kind === 'plain' ? target.resource : target.derived,
    Object.keys(spec.key),
    comparedFields(target, spec),
  )
  const find = rowFinder(side.mirror, target)
  const base = side.mirror.base(spec.name)
  const applied = appliedSince(side.mirror, context.catalog, asOf)
  const stockField = names.find((name) => fields[name]?.role === 'stock')
  const modified = modifiedField(target)
  const only = comparison.only && new Set(comparison.only.map((key) => matchText({ key })))
  const decided = decisions(side, spec)
  const last = side.mirror.acceptedSnapshot(spec.name)

  const changes: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  const recognised: Recognised[] = []
  const agreed = new BaseAdvance(side.mirror)
  const keys = new SourceKeys(lookup, spec.filter, base, memory?.rows)
  const unknown: SourceRow[] = []
  const moved: SourceRow[] = []
  const resting: SourceRow[] = []
  const shared = new SharedStock(target, spec.fields)
  const shapes = new ColumnShapes()
  const print = new Fingerprint()
  const sentinels = new Sentinels(spec, target)
  const ages = new StockAges(context, side, spec, target, asOf)
  let [matched, unchanged, firstContact, inStock] = [0, 0, 0, 0]

  const unreadable = new Set<number>()
  const read = { ...source, read: () => source.read(recent?.since, memory?.rows) }
  const known = { catalog: context.catalog, mirror: side.mirror, asOf, look: looksBehind(context, side) }
  for await (const items of readResolved(known, spec, target, read)) {
    stopIfAsked(context, `the plan of ${spec.name}`)
    for (const item of items) {
      if ('rejection' in item) {
        rejected.push(item.rejection)
        unreadable.add(item.rejection.row)
        keys.reject(item.rejection)
        continue
      }
      const { row } = item
      if (only && !only.has(matchText(row.key)) && !(row.of && only.has(matchText(row.of)))) continue
      const met = keys.meet(row.key)
      const { rows } = met
      const [first] = rows
      if (met.isOutside) {
        if (rows.length === 1 && first) learn(item, met, first, { isOutside: true, isInBase: met.known !== undefined })
        continue
      }
      const deed = deedOf(row.command, first !== undefined)
      if (deed === 'rest') {
        resting.push(row)
        if (!first) keys.passOver()
        continue
      }
      if (row.recognised) recognised.push(row.recognised)
      shapes.see(row)
      sentinels.see(row)
      if (!first) unknown.push(row)
      else if (rows.length > 1) rejected.push(doubled(spec, row, rows.length))
      else if (deed === 'delete') takeOut(row, first)
      else compareRow(item, met, first)
    }
    advance()
  }
  advance()

  function advance(): void {
    const done = matched + unknown.length + (memory?.rows.passed ?? 0)
    context.progress({
      kind: 'advance',
      what: `compare ${spec.name}`,
      done,
      // The last reading had so many; a source that grew says nothing of its end.
      total: recent || !last || last.rows < done ? null : last.rows,
      eta: null,
    })
  }

  function takeOut(row: SourceRow, there: MirrorRow): void {
    matched += 1
    const removed = commandedRemoval(target, row, there)
    if ('rejection' in removed) rejected.push(removed.rejection)
    else changes.push(removed.change)
  }

  function compareRow(item: ReadRow, met: Met, there: MirrorRow): void {
    matched += 1
    const { row } = item
    const { values, entity: named } = there
    const { text: key, known } = met
    const entity = stableJson(named)
    // What was agreed on another row of the store says nothing of this one.
    const own = known?.entity === entity ? known : undefined
    if (known && !own && find(JSON.parse(known.entity) as Values)) moved.push(row)
    const store = currentValues(target, { values, entity: named }, names, applied)
    const isInStock = stockField !== undefined && Number(store[stockField] ?? 0) > 0
    if (isInStock) inStock += 1
    const aged = ages.see(row, source.modified(), store, named, own?.fields)
    if ('rejection' in aged) {
      rejected.push(aged.rejection)
      return
    }
    const isShared = shared.see(aged.row, store, named)
    const newer = newerSide(source.modified(), modified ? store[modified] : null)
    const trio = { source: aged.row, store, entity: named, base: own?.fields, newer, decided: decided(key, entity) }
    const result = withAge(compareKey(target, spec.fields, trio, labelOf(values, row.of)), stockField, aged)
    collect(result, key, entity)
    const isInBase = own !== undefined || Object.keys(result.agreed).length > 0
    if (result.isAtRest && !isShared && (own || !known)) learn(item, met, there, { isInStock, isInBase })
  }

  function collect(result: KeyResult, key: string, entity: string): void {
    for (const one of result.rejections) rejected.push(one)
    for (const one of result.changes) changes.push(one)
    if (!result.changes.length && !result.rejections.length) unchanged += 1
    if (result.firstContact && result.changes.length) firstContact += 1
    if (Object.keys(result.agreed).length) agreed.add({ key, entity, fields: result.agreed })
  }

  /** Comparing the row again would find the same. */
  function learn({ row, record }: ReadRow, met: Met, { entity }: MirrorRow, facts: Partial<RowFacts>): void {
    if (!memory) return
    const owners = ownersOf(target, entity, print)
    if (owners.some((owner) => memory.unsettled.has(owner))) return
    const hasFigure = stockField !== undefined && typeof row.values[stockField] === 'number'
    memory.rows.add({ row, record, key: met.print, owners, facts: { ...NO_FACTS, hasFigure, ...facts } })
  }

  if (only && matched + unknown.length + resting.length === 0) {
    throw new UsageError(`no row of ${spec.source} has the key ${comparison.only?.join(', ')}`, {
      where: source.summary().origin,
    })
  }
  const passed = memory?.rows.facts() ?? NONE_PASSED
  keys.include(passed)
  if (memory) shapes.recall(memory.sample, (a, b) => memory.rows.hasPassed(a, b))
  if (!shapes.isWhole) return undefined
  if (passed.figures) ages.seeFigures(source.modified())
  matched += passed.matched
  unchanged += passed.matched
  inStock += passed.inStock
  const stock = shared.settle(changes)
  const created = creations(context.catalog, spec, target, unknown, (key) => {
    const known = base.get(matchText(key))
    return known && find(JSON.parse(known.entity) as Values)
  })
  const survey =
    only || recent || spec.partial ? { gone: [], kept: base.count() } : surveyBase(base, spec.filter, keys, find)
  // Rows that leave a mapping or a filter look gone, so a new config removes nothing before it was accepted once.
  const isOther = last !== null && last.config !== null && rulesOf(last.config) !== rulesOf(configHash)
  const isRebased = isOther && spec.remove !== 'never'
  const removed = isRebased
    ? {
        changes: [],
        settled: [],
        notes: ['the config changed since the last accepted snapshot: this plan removes nothing'],
      }
    : removals(spec, target, keys, survey.gone, find)
  const added = only ? NOTHING_ADDED : additions({ mirror: side.mirror, spec, target, lookup, keys, applied, isOther })
  const storeRows = lookup.count()
  const modifiedAt = source.modified()
  const columns = shapes.shapes(spec.fields)
  const stockFacts = ages.facts()
  // What changed since the last reading is weighed against what the last whole one met.
  const met = recent ? { matched: recent.last.matched, inStock: recent.last.inStock } : { matched, inStock }
  const facts: Facts = {
    owned: isFiltered(spec) ? met.matched : storeRows,
    storeRows,
    ...met,
    identity: null,
    source: {
      lines: only ? matched : source.summary().rows,
      unreadable: only ? 0 : unreadable.size,
      rows: only ? matched : keys.named,
      known: only ? matched : keys.known,
      baseKept: survey.kept,
      baseKeys: survey.kept + survey.gone.length,
      lastRows: only ? null : (last?.rows ?? null),
      creates: spec.create,
      ...(spec.partOf || spec.namedBy ? { mayBeEmpty: true as const } : {}),
      ageMs: modifiedAt === null ? null : Math.max(0, context.clock.now() - Date.parse(modifiedAt)),
      sentinels: only ? [] : sentinels.found(lookup, spec.key),
      columns,
      lastColumns: only ? null : (last?.columns ?? null),
      ...(stockFacts ? { stock: stockFacts } : {}),
      ...(recent ? { since: recent.since.watermark } : {}),
    },
  }
  // What is made goes first where others make room for it.
  const isOrdered = target.kind === 'plain' && target.resource.sent !== undefined
  const kept = isOrdered ? [...created.changes, ...stock.changes] : [...stock.changes, ...created.changes]
  const all = [...kept, ...removed.changes, ...added.changes]
  return {
    changes: all,
    rejected: [...rejected, ...stock.rejected, ...created.rejected],
    unchanged: unchanged + resting.length,
    firstContact,
    facts,
    notes: [
      ...ages.notes(),
      ...unknownNotes(spec, unknown),
      ...restingNotes(spec, resting),
      ...(moved.length ? [`${moved.length} keys moved to another row (renamed?): ${examples(moved)}`] : []),
      ...recognisedNotes(recognised),
      ...(keys.outside ? [`${keys.outside} keys are outside the filter`] : []),
      ...removed.notes,
      ...added.notes,
      ...locationNotes(side, target, all),
    ],
    recognised,
    agreed,
    settled: removed.settled,
    parted: spec.insert ? partedOf(survey.gone, removed.settled, find) : [],
    ...(memory ? { learnt: setAside(side, memory, shapes.sample()) } : {}),
  }
}

type ReadRow = Extract<SourceItem, { readonly row: SourceRow }>

const NO_FACTS: RowFacts = { isOutside: false, isInStock: false, hasFigure: false, isInBase: false }

const NOTHING_ADDED = { changes: [], notes: [] }

/** Of the keys that the base forgets, those whose rows are in the store still: they are not to be taken for new ones. */
const partedOf = (
  gone: readonly Pick<BaseRow, 'key' | 'entity'>[],
  settled: readonly string[],
  find: (entity: Values) => MirrorRow | undefined,
): readonly BaseRow[] => {
  const forgotten = new Set(settled)
  return gone
    .filter(({ key, entity }) => forgotten.has(key) && find(JSON.parse(entity) as Values))
    .map((row) => ({ ...row, fields: {} }))
}

/** What was decided about the conflicts of one row, by field, and is not carried out yet. */
const decisions = ({ mirror }: StoreSide, { name }: SyncSpec) => {
  const byRow = new Map<string, Map<string, Decided>>()
  for (const { id, key, entity, field, store, source, decision } of mirror.conflicts(name)) {
    if (!decision) continue
    const row = `${matchText(key)}\n${stableJson(entity)}`
    const fields = byRow.get(row) ?? new Map<string, Decided>()
    byRow.set(row, fields.set(field, { id, store, source, value: decision.value }))
  }
  return (key: string, entity: string) => byRow.get(`${key}\n${entity}`)
}

const doubled = (spec: SyncSpec, row: SourceRow, count: number): Rejection => ({
  row: row.line,
  column: Object.values(spec.key).join(', '),
  value: Object.values(row.key).join(', '),
  reason: `the store has ${count} rows with this key`,
  key: row.key,
})

const isFiltered = ({ filter, keyRules = {} }: SyncSpec): boolean =>
  filter.sku !== undefined ||
  Object.keys(filter.equals).length > 0 ||
  Object.values(keyRules).some(({ value, expr }) => value !== undefined || expr !== undefined)
