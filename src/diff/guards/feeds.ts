import type { ColumnShape, GuardName, SourceFacts } from '../../model/index.ts'
import { type Finding, percent } from './figures.ts'
import type { Threshold } from './thresholds.ts'

type FeedTest = (source: SourceFacts, limit: Extract<Threshold, { kind: 'limit' }>) => Finding

/** Guards that block a plan because the source that it was made from looks wrong. */
export const FEED_GUARDS: readonly (readonly [GuardName, FeedTest])[] = [
  [
    'maxSourceDrop',
    (source, { percent: limit }) => {
      const most = limit ?? 100
      const over = (part: number, of: number): boolean => of > 0 && (100 * part) / of > most
      const { rows, lastRows, unreadable, lines, baseKeys, baseKept, known, creates, mayBeEmpty } = source
      if (rows === 0 && !(mayBeEmpty && !lastRows)) return { ok: false, detail: 'the source is empty' }
      if (lastRows !== null && over(lastRows - rows, lastRows)) {
        const detail = `rows fell from ${lastRows} to ${rows} (${percent(lastRows - rows, lastRows)}, limit ${most} %)`
        return { ok: false, detail }
      }
      if (over(unreadable, lines) && (unreadable > FEW_LINES || unreadable === lines)) {
        const detail = `${unreadable} of ${lines} rows of the source cannot be read (${percent(unreadable, lines)}, limit ${most} %)`
        return { ok: false, detail }
      }
      const lost = baseKeys - baseKept
      if (over(lost, baseKeys)) {
        const detail = `${lost} of ${baseKeys} known keys are gone (${percent(lost, baseKeys)}, limit ${most} %)`
        return { ok: false, detail }
      }
      if (!creates && over(rows - known, rows))
        return { ok: false, detail: `the store knows ${known} of ${rows} keys only (limit ${100 - most} %)` }
      if (lastRows === null) return { ok: true, detail: `${rows} rows, first snapshot` }
      const fewer = over(2 * (lastRows - rows), lastRows)
      const more = lastRows >= ENOUGH_ROWS && rows > lastRows * MOST_GROWTH
      return { ok: true, warn: fewer || more, detail: `${rows} rows, ${lastRows} last time` }
    },
  ],
  [
    'sentinels',
    ({ sentinels }) => {
      const bad = sentinels.filter(({ fault }) => fault !== null)
      const detail = bad.map(({ key, fault }) => `${key} ${fault}`).join('; ')
      return { ok: !bad.length, detail: detail || `${sentinels.length} rows are where they belong on both sides` }
    },
  ],
  [
    'columnShape',
    ({ columns, lastColumns }) => {
      if (!lastColumns) return { ok: true, detail: 'first snapshot' }
      const faults = Object.entries(columns).flatMap(([name, shape]) => {
        const last = lastColumns[name]
        const fault = last && faultOf(shape, last)
        return fault ? [`${name}: ${fault}`] : []
      })
      return { ok: !faults.length, detail: faults.join('; ') || 'columns look as they did last time' }
    },
  ],
  [
    'sourceAge',
    ({ ageMs }, { count }) => {
      if (ageMs === null) return { ok: false, detail: 'the source does not tell how old it is' }
      return { ok: ageMs <= (count ?? 0), detail: `the source is ${hours(ageMs)} old (limit ${hours(count ?? 0)})` }
    },
  ],
]

/** Bad rows that say nothing of a feed as a whole, unless it has no others. */
const FEW_LINES = 3

/** Why a column does not look like the same column any more. Few rows tell nothing. */
const faultOf = (now: ColumnShape, last: ColumnShape): string | undefined => {
  if (Math.min(now.rows, last.rows) < ENOUGH_ROWS) return undefined
  const [blank, blankBefore] = [now.blanks / now.rows, last.blanks / last.rows]
  if (blank - blankBefore > MOST_BLANKS)
    return `${percent(blank, 1)} of the cells are blank, ${percent(blankBefore, 1)} last time`
  const [distinct, distinctBefore] = [now.distinct / now.rows, last.distinct / last.rows]
  if (distinctBefore * now.rows > ENOUGH_ROWS && distinct < distinctBefore * LEAST_DISTINCT)
    return `${now.distinct} different values in ${now.rows} sampled rows, ${last.distinct} in ${last.rows} last time`
  if (now.median !== null && last.median !== null && last.median > 0) {
    const moved = now.median / last.median
    const most = now.whole === now.rows - now.blanks && last.whole === last.rows - last.blanks ? MOST_WHOLE : MOST_MOVED
    if (moved > most || moved < 1 / most) return `the median is ${now.median}, ${last.median} last time`
  }
  const [whole, wholeBefore] = [wholeShare(now), wholeShare(last)]
  if (now.numbers && last.numbers && Math.abs(whole - wholeBefore) > MOST_WHOLE_MOVED)
    return `${percent(whole, 1)} of the numbers are whole, ${percent(wholeBefore, 1)} last time`
  return undefined
}

const wholeShare = ({ whole, numbers }: ColumnShape): number => (numbers ? whole / numbers : 0)

const ENOUGH_ROWS = 20
/** More rows than this much of the last time are worth a look: two files may have become one. */
const MOST_GROWTH = 1.5
const MOST_BLANKS = 0.1
const LEAST_DISTINCT = 0.5
/** Medians of amounts; a column of whole numbers, such as stock, swings more. */
const MOST_MOVED = 2
const MOST_WHOLE = 10
const MOST_WHOLE_MOVED = 0.5

const hours = (ms: number): string => `${Math.round(ms / 360_000) / 10} h`
