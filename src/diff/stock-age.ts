import type { After } from '../model/index.ts'

/** What is known of one stock figure of the store. Moments are ms since 1970. */
export interface StockEvidence {
  /** The store's figure as last read, what we wrote lately laid over it. */
  readonly level: number
  /**
   * What both sides last agreed on. The store held it at `at`, and from `since` to `at` nobody moved it unnoticed: the figure that
   * was written then had been looked at in the same way. `isOurs` when we wrote it, so that the reading that finds it is no move.
   */
  readonly base: {
    readonly level: number
    readonly at: number
    readonly since: number
    readonly isOurs: boolean
  } | null
  /** Readings from some moment on that found another figure than the reading before, oldest first. */
  readings(since: number): readonly StockReading[]
  /** When the reading before one took place: the move that it found came after that. Null where none is known. */
  before(reading: StockReading): Span | null
  /** The row was read before that moment. */
  wasKnown(at: number): boolean
  /** What orders took of it since a moment; null where the orders are not known. */
  taken(since: number): readonly Taken[] | null
}

export interface StockReading {
  readonly from: number
  readonly to: number
  readonly at: number
  readonly run: string
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** Pieces that an order took, at some moment between the two. */
export interface Taken extends Span {
  readonly quantity: number
}

/**
 * - `sound`: nothing moved since; `unknown` where nobody can say so, because the row was first read later.
 * - `less`: orders, and nothing else, took that many pieces since.
 * - `moved`: why the figure may be out of date.
 */
export type StockVerdict =
  | { readonly kind: 'sound'; readonly unknown: boolean }
  | { readonly kind: 'less'; readonly by: number; readonly unknown: boolean }
  | { readonly kind: 'moved'; readonly reason: string }

/**
 * Whether a figure that was true at `asOf` still is. A reading that found a move proves only that it happened between the reading
 * before and itself, so every move that is not surely older counts as younger. Orders tell more: where they alone explain all that
 * moved since a figure that is known, their own dates decide.
 */
export const judgeStock = (asOf: number, after: After, evidence: StockEvidence): StockVerdict => {
  const { level, base } = evidence
  const surely = asOf - MARGIN_MS
  const readings = foreign(evidence, asOf, surely)
  const hasMoved = readings.length > 0 || (base !== null && base.at >= surely && base.level !== level)
  const unknown = base === null && !readings.length && !evidence.wasKnown(asOf)
  const late = evidence.taken(surely)?.filter(({ to }) => to >= surely)
  if (!late) return hasMoved ? moved(readings, evidence) : { kind: 'sound', unknown }
  if (!hasMoved && !late.length) return { kind: 'sound', unknown }
  const sold = late.reduce((sum, { quantity }) => sum + quantity, 0)
  if (!unknown && !isExplained(evidence, readings, surely)) {
    return hasMoved
      ? moved(readings, evidence)
      : { kind: 'moved', reason: `orders took ${sold} that its stock does not show` }
  }
  if (late.some(({ from }) => from <= asOf)) {
    return { kind: 'moved', reason: 'an order was placed so close to that moment that the figure may count it or not' }
  }
  if (sold === 0) return { kind: 'sound', unknown }
  return after === 'subtract-orders'
    ? { kind: 'less', by: sold, unknown }
    : { kind: 'moved', reason: `orders took ${sold} since` }
}

/** Clocks of a store and of the system that exports differ, and a checkout takes some time. */
export const MARGIN_MS = 5 * 60_000

/** Readings and writes are known to about a minute: replicas lag, and stock shows some time after it was accepted. */
const SLACK_MS = 75_000

/** Moves since then that are not our own doing and were not looked at before. */
const foreign = ({ base, readings }: StockEvidence, asOf: number, surely: number): readonly StockReading[] => {
  const all = readings(surely)
  if (!base) return all
  const own = base.isOurs ? all.find(({ to, at }) => to === base.level && at >= base.at) : undefined
  return all.filter((one) => one !== own && (one.at > base.at || asOf < base.since))
}

/** Whether orders alone took what is missing from the last figure that is known. */
const isExplained = (evidence: StockEvidence, [first]: readonly StockReading[], surely: number): boolean => {
  const { level, base } = evidence
  const known = first && evidence.before(first)
  const isLatest = first ? first.at > (base?.at ?? 0) && (base?.at ?? 0) >= (known?.from ?? 0) : isNear(base, surely)
  const anchor =
    base && isLatest
      ? { level: base.level, from: base.at, to: base.at }
      : first && known && { level: first.from, ...known }
  if (!anchor) return false
  const earliest = anchor.from - SLACK_MS
  const orders = (evidence.taken(earliest) ?? []).filter(({ to }) => to >= earliest).sort((a, b) => b.from - a.from)
  // An order from about the time of the anchor may be in its figure already, so the sum need not go back to it.
  let missing = anchor.level - level
  for (const { from, quantity } of orders) {
    if (missing === 0 && from <= anchor.to + SLACK_MS) return true
    missing -= quantity
  }
  return missing === 0
}

/** Without a reading that found a move, only a figure from about then on can have lost what orders took. */
const isNear = (base: StockEvidence['base'], surely: number): boolean => base !== null && base.at + SLACK_MS >= surely

const moved = ([first]: readonly StockReading[], { level, base }: StockEvidence): StockVerdict => ({
  kind: 'moved',
  reason: first
    ? `the store’s stock went from ${first.from} to ${first.to}, seen at ${new Date(first.at).toISOString().slice(0, 19)}Z`
    : `the store’s stock went from ${base?.level} to ${level}`,
})
