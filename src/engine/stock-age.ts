import {
  fieldsOf,
  judgeStock,
  type KeyResult,
  MARGIN_MS,
  type StockVerdict,
  stockPlace,
  type Target,
} from '../diff/index.ts'
import type { BaseRow, Mirror, TakenRow } from '../mirror/index.ts'
import {
  isoTime,
  MirrorError,
  type Rejection,
  type Resource,
  type SourceRow,
  type StockFacts,
  type SyncSpec,
  type Values,
} from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import { taskOf } from './scope-of-pull.ts'

type BaseValue = BaseRow['fields'][string]

/** A source row with the stock figure that is to be compared, and what is to be remembered of it. */
export interface AgedRow {
  readonly row: SourceRow
  /** What a change of the figure says of its age. */
  readonly mark?: { readonly asOf: string; readonly moved?: string; readonly note?: string }
  /** What the base remembers when both sides agree on the figure. */
  readonly agreed?: Pick<BaseValue, 'at' | 'since'>
}

/**
 * Stock figures and the moments at which they were true: what the store's stock did since then is found out row by row, from
 * what the mirror knows. The clock of the figures is the source's own.
 */
export class StockAges {
  readonly #context: Context
  readonly #mirror: Mirror
  readonly #target: Target
  readonly #spec: SyncSpec
  /** Field of the stock figure, where the sync has one. */
  readonly #field: string | undefined
  readonly #sales: Sales | null
  readonly #root: string
  readonly #pulls = new Map<string, { readonly from: string; readonly to: string } | null>()
  #oldest: { readonly at: string; readonly line: number | null } | null = null
  #newest = ''
  #reduced = 0
  #taken = 0
  #unknown = 0

  /**
   * @param read Moment since which the mirror is true.
   * @throws {MirrorError} when orders are to be subtracted that were not pulled, or not lately enough.
   */
  constructor(context: Context, side: StoreSide, spec: SyncSpec, target: Target, read: string) {
    const fields = fieldsOf(target)
    this.#context = context
    this.#mirror = side.mirror
    this.#target = target
    this.#spec = spec
    this.#field = Object.keys(spec.fields).find((name) => fields[name]?.role === 'stock')
    this.#root = taskOf(context.catalog, target).resource.name
    this.#sales = needsSales(spec) ? salesOf(context, side, read) : null
    if (this.#rule()?.after === 'subtract-orders' && !this.#sales) throw lacksOrders(side, read)
  }

  /** @param modified When the source was last changed. */
  see(
    row: SourceRow,
    modified: string | null,
    store: Values,
    entity: Values,
    base: Readonly<Record<string, BaseValue>> | undefined,
  ): AgedRow | { readonly rejection: Rejection } {
    const rule = this.#rule()
    const name = this.#field
    const wanted = name === undefined ? undefined : row.values[name]
    if (name === undefined || !rule || typeof wanted !== 'number') return { row }
    const asOf = rule.asOf ? (typeof rule.asOf === 'object' ? row.asOf : modified) : modified
    if (asOf) this.#note(asOf, typeof rule.asOf === 'object' ? row.line : null)
    if (!rule.asOf) return { row }
    if (!asOf) return { rejection: this.#rejection(row, asOf, 'of a source that does not tell since when it is true') }
    if (Date.parse(asOf) > this.#context.clock.now() + MARGIN_MS)
      return { rejection: this.#rejection(row, asOf, 'a moment that is still to come') }
    if (rule.after === 'overwrite') return { row, mark: { asOf }, agreed: this.#agreed(null) }
    const verdict = this.#judge(asOf, wanted, store, entity, base?.[name])
    return this.#aged(row, name, wanted, asOf, verdict)
  }

  /** The figures of rows that were passed over are as old as the source. */
  seeFigures(modified: string | null): void {
    if (modified) this.#note(modified, null)
  }

  facts(): StockFacts | undefined {
    return this.#oldest
      ? {
          oldest: this.#oldest.at,
          newest: this.#newest,
          line: this.#oldest.line,
          reduced: this.#reduced,
          taken: this.#taken,
          unknown: this.#unknown,
        }
      : undefined
  }

  notes(): readonly string[] {
    const facts = this.facts()
    if (!facts) return []
    const { oldest, newest, line, reduced, taken, unknown } = facts
    const age = spanText(this.#context.clock.now() - Date.parse(oldest))
    const which = oldest === newest ? `true at ${oldest}` : `oldest row: line ${line}, true at ${oldest}`
    return [
      this.#rule()?.asOf
        ? `stock figures are ${age} old (${which})`
        : `stock figures are ${age} old by the file’s time; without "asOf" nothing tells what was sold since`,
      ...(reduced
        ? [`orders took ${taken} pieces since, which are subtracted from the figures of ${reduced} rows`]
        : []),
      ...(unknown
        ? [
            `first contact: the store was first read after the figures of ${unknown} rows were true, so a move in between is unknown`,
          ]
        : []),
    ]
  }

  #rule() {
    return this.#field === undefined ? undefined : this.#spec.fields[this.#field]
  }

  #note(asOf: string, line: number | null): void {
    if (!this.#oldest || asOf < this.#oldest.at) this.#oldest = { at: asOf, line }
    if (asOf > this.#newest) this.#newest = asOf
  }

  #rejection({ line, key }: SourceRow, asOf: string | null | undefined, reason: string): Rejection {
    const at = this.#rule()?.asOf
    return { row: line, column: typeof at === 'object' ? at.column : '', value: asOf ?? '', reason, key }
  }

  /** Undefined where nothing depends on it. */
  #judge(
    asOf: string,
    wanted: number,
    store: Values,
    entity: Values,
    base: BaseValue | undefined,
  ): StockVerdict | undefined {
    const name = this.#field ?? ''
    const place = stockPlace(this.#target, name, store, entity)
    const level = store[name]
    if (!place || typeof level !== 'number') return undefined
    const { resource, key, field } = place
    const taken = (since: number) => this.#sales?.of(resource, key, since) ?? null
    const at = Date.parse(asOf)
    const after = this.#rule()?.after ?? 'hold'
    if (wanted === level && !(after === 'subtract-orders' && taken(at - MARGIN_MS)?.length)) return undefined
    return judgeStock(at, after, {
      level,
      base: baseOf(base),
      readings: (since) =>
        this.#mirror.moves(resource, key, field, isoTime(since)).map(({ from, to, at: seen, run }) => ({
          from: Number(from),
          to: Number(to),
          at: Date.parse(seen),
          run,
        })),
      before: ({ at: seen, run }) => spanOf(this.#pullBefore(isoTime(seen), run)),
      wasKnown: (moment) => this.#pullBefore(isoTime(moment), null) !== null,
      taken,
    })
  }

  #aged(row: SourceRow, name: string, wanted: number, asOf: string, verdict: StockVerdict | undefined): AgedRow {
    if (!verdict) return { row, mark: { asOf }, agreed: this.#agreed(null) }
    if (verdict.kind === 'moved') {
      const moved = `its figure is of ${asOf}: ${verdict.reason}`
      return { row, mark: { asOf, moved }, agreed: this.#agreed(null) }
    }
    if (verdict.unknown) this.#unknown += 1
    const agreed = this.#agreed(verdict.unknown ? null : asOf)
    if (verdict.kind === 'sound') return { row, mark: { asOf }, agreed }
    this.#reduced += 1
    this.#taken += verdict.by
    const left = Math.max(0, wanted - verdict.by)
    const note = `${wanted} at ${asOf}, ${verdict.by} ordered since`
    return { row: { ...row, values: { ...row.values, [name]: left } }, mark: { asOf, note }, agreed }
  }

  /** Moves that a later reading finds count from now on. */
  #agreed(since: string | null): Pick<BaseValue, 'at' | 'since'> {
    const now = isoTime(this.#context.clock.now())
    return { at: now, since: since ?? now }
  }

  #pullBefore(at: string, run: string | null) {
    const named = `${at}\t${run}`
    if (!this.#pulls.has(named)) this.#pulls.set(named, this.#mirror.pullBefore(this.#root, at, run))
    return this.#pulls.get(named) ?? null
  }
}

/** What comparing a row found, with what is known of the age of its stock figure. */
export const withAge = (result: KeyResult, field: string | undefined, { mark, agreed }: AgedRow): KeyResult => {
  if (field === undefined || !mark) return result
  const equal = result.agreed[field]
  return {
    ...result,
    changes: result.changes.map((change) =>
      change.action === 'update'
        ? { ...change, fields: change.fields.map((one) => (one.field === field ? { ...one, ...mark } : one)) }
        : change,
    ),
    agreed: equal ? { ...result.agreed, [field]: { ...equal, ...agreed } } : result.agreed,
  }
}

/** Resources whose rows take stock: the listing that they come with. */
export const salesResource = ({ catalog }: Pick<Context, 'catalog'>): Resource | undefined =>
  [...catalog.resources.values()].find(({ takes }) => takes !== undefined)

/** Whether orders tell what the sync has to know of its stock. */
export const needsSales = ({ fields }: SyncSpec): boolean =>
  Object.values(fields).some(({ asOf, after }) => asOf !== undefined && after !== 'overwrite')

const salesOf = (context: Context, { mirror }: StoreSide, read: string): Sales | null => {
  const lines = salesResource(context)
  const parent = lines?.api.within?.parent
  if (!lines || parent === undefined) return null
  const isKnown = [lines.name, parent].every((name) => {
    const known = mirror.freshness(name)
    return known?.complete && known.asOf !== null && Date.parse(known.asOf) >= Date.parse(read) - MARGIN_MS
  })
  return isKnown ? new Sales(mirror, lines) : null
}

/** What was sold of each thing, read as far back as it is asked for. */
class Sales {
  readonly #mirror: Mirror
  readonly #lines: Resource
  #since = Number.POSITIVE_INFINITY
  #byThing = new Map<string, TakenRow[]>()

  constructor(mirror: Mirror, lines: Resource) {
    this.#mirror = mirror
    this.#lines = lines
  }

  of(resource: string, key: string, since: number) {
    if (!Object.values(this.#lines.fields).some(({ ref }) => ref === resource)) return null
    if (since < this.#since) this.#load(since)
    return (this.#byThing.get(`${resource}\n${key}`) ?? []).map(({ quantity, placed, counted }) => ({
      quantity,
      from: Date.parse(placed),
      to: Date.parse(counted),
    }))
  }

  #load(since: number): void {
    this.#since = since
    this.#byThing = new Map()
    for (const row of this.#mirror.taken(this.#lines, isoTime(since))) {
      for (const [resource, key] of Object.entries(row.of)) {
        const thing = `${resource}\n${key}`
        const known = this.#byThing.get(thing)
        if (known) known.push(row)
        else this.#byThing.set(thing, [row])
      }
    }
  }
}

const lacksOrders = ({ name, mirror }: StoreSide, read: string): MirrorError =>
  new MirrorError(
    `orders are to be subtracted from stock, and the mirror of store ${name} does not know them up to ${read}`,
    {
      where: mirror.path,
      hint: `run \`skiff pull ${name}\`: it brings orders and stock together`,
    },
  )

const baseOf = (base: BaseValue | undefined) =>
  base?.at !== undefined && base.since !== undefined && typeof base.store === 'number'
    ? { level: base.store, at: Date.parse(base.at), since: Date.parse(base.since), isOurs: base.ours === true }
    : null

const spanOf = (span: { readonly from: string; readonly to: string } | null) =>
  span && { from: Date.parse(span.from), to: Date.parse(span.to) }

const spanText = (ms: number): string => {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  const hours = Math.floor(minutes / 60)
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`
}
