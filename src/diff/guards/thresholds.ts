import { GUARD_NAMES, type GuardName, type GuardSetting, type GuardSettings, UsageError } from '../../model/index.ts'

/** Overrides given with `--allow`: a value replaces the threshold, `true` lets the guard pass whatever it finds. */
export type Allowed = ReadonlyMap<GuardName, GuardSetting | true>

/** How strict a guard is in this run. */
export type Threshold =
  | { readonly kind: 'off' | 'allowed'; readonly why?: string }
  | {
      readonly kind: 'limit'
      readonly percent: number | null
      /** Rows, times, or milliseconds, as the guard counts. */
      readonly count: number | null
      /** In the store's currency. */
      readonly amount: string | null
      readonly keys: readonly string[]
    }

/**
 * What a guard's limit may be: a share only, because it looks at one value of a row; rows or a share of them; a number of times
 * or rows; an amount; an age such as "26h"; keys to look for; or nothing, because the guard is on or off.
 */
export const LIMIT_OF: Record<GuardName, 'share' | 'rows' | 'times' | 'amount' | 'age' | 'keys' | 'none'> = {
  staleStock: 'none',
  zeroPrice: 'none',
  maxPriceChange: 'share',
  priceFloor: 'amount',
  priceScale: 'none',
  maxChanges: 'rows',
  allChanged: 'none',
  stockToZero: 'rows',
  maxDeletes: 'rows',
  maxHides: 'rows',
  maxCreates: 'rows',
  maxSourceDrop: 'share',
  sentinels: 'keys',
  columnShape: 'none',
  sourceAge: 'age',
  maxConflicts: 'rows',
  canary: 'times',
  breaker: 'none',
  flap: 'times',
  changeRate: 'times',
  storeIdentity: 'none',
  quotaReserve: 'none',
}

interface Default {
  readonly percent?: number
  readonly count?: number
  /** Why it does not look before it is told what to look for. */
  readonly off?: string
}

/** Built-in limits; shares and rows are halved where nobody looks at the plan before it is pushed. */
const DEFAULTS: Record<GuardName, Default> = {
  staleStock: {},
  zeroPrice: {},
  maxPriceChange: { percent: 30 },
  priceFloor: {},
  priceScale: {},
  maxChanges: { percent: 20 },
  allChanged: {},
  stockToZero: { percent: 5, count: 25 },
  maxDeletes: { count: 0 },
  maxHides: { percent: 1, count: 10 },
  maxCreates: { percent: 5, count: 100 },
  maxSourceDrop: { percent: 20 },
  sentinels: { off: 'no keys are named' },
  columnShape: {},
  sourceAge: { off: 'no age is set' },
  maxConflicts: { percent: 5 },
  canary: { count: 5 },
  breaker: {},
  flap: { count: 3 },
  changeRate: { count: 6 },
  storeIdentity: {},
  quotaReserve: {},
}

export const thresholdOf = (
  guard: GuardName,
  settings: GuardSettings,
  allowed: Allowed,
  automatic: boolean,
): Threshold => {
  const override = allowed.get(guard)
  if (override === true) return { kind: 'allowed' }
  const written = override ?? settings[guard]
  if (written === false) return { kind: 'off' }
  if (typeof written === 'object' && 'moot' in written) return { kind: 'off', why: written.moot }
  if (written !== undefined) return { ...NO_LIMIT, ...parseLimit(guard, written) }
  const { percent, count, off } = DEFAULTS[guard]
  if (off) return { kind: 'off', why: off }
  const part = automatic && LIMIT_OF[guard] !== 'times' ? 2 : 1
  return {
    ...NO_LIMIT,
    percent: percent === undefined ? null : percent / part,
    count: count === undefined ? null : Math.floor(count / part),
  }
}

const NO_LIMIT: Extract<Threshold, { kind: 'limit' }> = {
  kind: 'limit',
  percent: null,
  count: null,
  amount: null,
  keys: [],
}

/** @throws {UsageError} for an unknown guard or a value that is no limit. */
export const parseAllow = (texts: readonly string[]): Allowed =>
  new Map<GuardName, GuardSetting | true>(
    texts.map((text): [GuardName, GuardSetting | true] => {
      const [name = '', value] = text.split('=', 2)
      const guard = GUARD_NAMES.find((known) => known === name)
      if (!guard)
        throw new UsageError(`no guard is called ${JSON.stringify(name)}`, { hint: `known: ${GUARD_NAMES.join(', ')}` })
      if (value === undefined) return [guard, true]
      parseLimit(guard, value)
      return [guard, value]
    }),
  )

/** The overrides as they were written; `parseAllow` reads them again. */
export const allowedTexts = (allowed: Allowed): readonly string[] =>
  [...allowed].map(([guard, value]) => (value === true ? guard : `${guard}=${value}`))

const parseLimit = (
  guard: GuardName,
  value: Exclude<GuardSetting, false | { readonly moot: string }>,
): Partial<Extract<Threshold, { kind: 'limit' }>> => {
  const kind = LIMIT_OF[guard]
  if (kind === 'keys') return { keys: typeof value === 'object' ? value : String(value).split(',') }
  const text = String(value).trim()
  if (kind === 'none') {
    throw new UsageError(`guard ${guard} has no limit to set`, {
      hint: `\`--allow ${guard}\` lets it pass; false in the config switches it off`,
    })
  }
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(%|min|h|d)?$/.exec(text) ?? []
  const limit = Number(digits)
  if (digits && UNITS[kind].includes(unit)) {
    if (unit === '%') return { percent: limit }
    if (kind === 'amount') return { amount: digits }
    return { count: limit * (MS[unit] ?? 1) }
  }
  throw new UsageError(
    `guard ${guard}: ${JSON.stringify(value)} is no ${unit === '' && digits ? WANTED[kind][0] : 'limit'}`,
    {
      hint: `write ${kind === 'share' && digits && !unit ? `"${digits}%"` : WANTED[kind][1]}`,
    },
  )
}

type Numeric = 'share' | 'rows' | 'times' | 'amount' | 'age'

const UNITS: Record<Numeric, readonly string[]> = {
  share: ['%'],
  rows: ['%', ''],
  times: [''],
  amount: [''],
  age: ['min', 'h', 'd'],
}

const MS: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000 }

/** What a limit is called, and how to write one. */
const WANTED: Record<Numeric, readonly [string, string]> = {
  share: ['share', 'a share such as "30%"'],
  rows: ['limit', 'a number of rows, or a share such as "30%"'],
  times: ['limit', 'a whole number such as 3'],
  amount: ['limit', 'an amount such as "9.90"'],
  age: ['age', 'an age such as "26h", "90min" or "2d"'],
}
