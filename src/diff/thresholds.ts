import { GUARD_NAMES, type GuardName, type GuardSetting, type GuardSettings, UsageError } from '../model/index.ts'

/** Overrides given with `--allow`: a value replaces the threshold, `true` lets the guard pass whatever it finds. */
export type Allowed = ReadonlyMap<GuardName, GuardSetting | true>

/** How strict a guard is in this run. */
export type Threshold =
  | { readonly kind: 'off' | 'allowed' }
  | {
      readonly kind: 'limit'
      readonly percent: number | null
      readonly count: number | null
      readonly configured: boolean
    }

/** Built-in limits; those of plan guards are halved where nobody looks at the plan before it is pushed. */
const DEFAULTS: Record<GuardName, { readonly percent: number | null; readonly count: number | null }> = {
  zeroPrice: { percent: null, count: null },
  maxPriceChange: { percent: 30, count: null },
  priceScale: { percent: null, count: null },
  maxChanges: { percent: 20, count: null },
  stockToZero: { percent: 5, count: 25 },
  maxDeletes: { percent: null, count: 0 },
  maxSourceDrop: { percent: 20, count: null },
  storeIdentity: { percent: null, count: null },
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
  if (written !== undefined) return { kind: 'limit', configured: true, ...parseLimit(guard, written) }
  const { percent, count } = DEFAULTS[guard]
  const share = automatic ? 2 : 1
  return {
    kind: 'limit',
    configured: false,
    percent: percent === null ? null : percent / share,
    count: count === null ? null : Math.floor(count / share),
  }
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

const parseLimit = (guard: GuardName, value: Exclude<GuardSetting, false>) => {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(String(value).trim())
  if (!match)
    throw new UsageError(`guard ${guard}: ${JSON.stringify(value)} is no limit`, {
      hint: 'write a number, or a share such as "30%"',
    })
  const limit = Number(match[1])
  return match[2] ? { percent: limit, count: null } : { percent: null, count: limit }
}
