import { GUARD_NAMES, type GuardName, type GuardSetting, type GuardSettings, UsageError } from '../model/index.ts'

/** Overrides given with `--allow`: a value replaces the threshold, `true` lets the guard pass whatever it finds. */
export type Allowed = ReadonlyMap<GuardName, GuardSetting | true>

/** How strict a guard is in this run. */
export type Threshold =
  | { readonly kind: 'off' | 'allowed' }
  | { readonly kind: 'limit'; readonly percent: number | null; readonly count: number | null }

/**
 * What a guard's limit may be: a share only, because it looks at one value of a row; rows or a share of them; or nothing, because
 * the guard is on or off.
 */
export const LIMIT_OF: Record<GuardName, 'share' | 'rows' | 'none'> = {
  zeroPrice: 'none',
  maxPriceChange: 'share',
  priceScale: 'none',
  maxChanges: 'rows',
  stockToZero: 'rows',
  maxDeletes: 'rows',
  maxHides: 'rows',
  maxCreates: 'rows',
  maxSourceDrop: 'share',
  storeIdentity: 'none',
}

/** Built-in limits; those of plan guards are halved where nobody looks at the plan before it is pushed. */
const DEFAULTS: Record<GuardName, { readonly percent: number | null; readonly count: number | null }> = {
  zeroPrice: { percent: null, count: null },
  maxPriceChange: { percent: 30, count: null },
  priceScale: { percent: null, count: null },
  maxChanges: { percent: 20, count: null },
  stockToZero: { percent: 5, count: 25 },
  maxDeletes: { percent: null, count: 0 },
  maxHides: { percent: 1, count: 10 },
  maxCreates: { percent: 5, count: 100 },
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
  if (written !== undefined) return { kind: 'limit', ...parseLimit(guard, written) }
  const { percent, count } = DEFAULTS[guard]
  const share = automatic ? 2 : 1
  return {
    kind: 'limit',
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
  if (LIMIT_OF[guard] === 'none') {
    throw new UsageError(`guard ${guard} has no limit to set`, {
      hint: `\`--allow ${guard}\` lets it pass; false in the config switches it off`,
    })
  }
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(String(value).trim())
  if (!match) {
    throw new UsageError(`guard ${guard}: ${JSON.stringify(value)} is no limit`, {
      hint:
        LIMIT_OF[guard] === 'share'
          ? 'write a share such as "30%"'
          : 'write a number of rows, or a share such as "30%"',
    })
  }
  const limit = Number(match[1])
  if (match[2]) return { percent: limit, count: null }
  if (LIMIT_OF[guard] === 'rows') return { percent: null, count: limit }
  throw new UsageError(`guard ${guard}: ${JSON.stringify(value)} is no share`, { hint: `write "${limit}%"` })
}
