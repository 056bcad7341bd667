import type { Fault } from '../../src/emulator/index.ts'
import { partSyncs } from '../../src/engine/index.ts'
import type { FieldRule, GuardSettings, SyncSpec } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import type { Dice } from './dice.ts'
import { drawExtras, type Extras, listed, needsTable, openPart, withParts } from './extras.ts'
import { EXPORTED, MOST_CREATES } from './feeds.ts'

/** What one seed's world is like. Which faults and actors exist is drawn too: rare combinations need the others to be silent. */
export interface Swarm {
  readonly products: number
  readonly steps: number
  readonly syncs: readonly SyncSpec[]
  readonly faults: readonly Fault[]
  /** Share of batch answers that become a 207 with some rows left out. */
  readonly partial: number
  /** Chance of an act of somebody else, and of the process's death, at each yield point. */
  readonly acts: number
  readonly crashes: number
  /** The other system is a table of a database instead of a file. */
  readonly table: boolean
  /** Every process takes the lease of the mirror, as on a disk, and looks it over after one that died. */
  readonly leases: boolean
  /** Chance at each yield point that another process takes over while this one goes on. */
  readonly overtaking: number
  readonly blunders: number
  readonly actors: readonly Actor[]
  /** How far back a stale reading may look, ms. */
  readonly staleMs: number
  readonly extras: Extras
  /** The guards let ordinary changes of a very small shop pass. */
  readonly open: boolean
}

export type Actor = 'merchant' | 'shopper' | 'erp' | 'deleter'

/** @param late, latest Draw what came to be later than others, so that a seed's world stays what it was. */
export const drawSwarm = (dice: Dice, late: Dice, latest: Dice): Swarm => {
  const staleMs = dice.pick([0, 0, 2_000, 8_000])
  const open = dice.chance(0.9)
  const leases = late.chance(0.1)
  const drawn = drawExtras(latest)
  const extras = leases ? { ...drawn, overlap: null, insert: false } : drawn
  return {
    products: dice.between(5, 12),
    steps: dice.between(4, 10),
    syncs: drawSyncs(dice, open ? OPEN : FEW_CREATES, extras, latest),
    faults: [...drawFaults(dice), ...(staleMs ? [{ kind: 'stale' as const, probability: 0.2, ms: staleMs }] : [])],
    partial: dice.pick([0, 0.2, 0.5]),
    acts: dice.pick([0, 0.02, 0.1]),
    crashes: dice.pick([0, 0.005, 0.02]),
    table: (!leases && late.chance(0.2)) || needsTable(extras),
    leases,
    overtaking: leases ? late.pick([0, 0.005, 0.02]) : 0,
    blunders: dice.pick([0, 0, 0.1, 0.3]),
    actors: (['merchant', 'shopper', 'erp', 'deleter'] as const).filter((actor) => dice.chance(LIKELY[actor])),
    staleMs,
    extras,
    open,
  }
}

const LIKELY: Readonly<Record<Actor, number>> = { merchant: 0.7, shopper: 0.7, erp: 0.9, deleter: 0.25 }

export const drawFaults = (dice: Dice): readonly Fault[] => {
  const rate = dice.pick([0.02, 0.05, 0.1, 0.2])
  return KINDS.filter(() => dice.chance(0.3)).map((fault) => ({ ...fault, probability: rate }))
}

const KINDS: readonly Fault[] = [
  { kind: 'status', status: 429 },
  { kind: 'status', status: 429, rateHeaders: false },
  { kind: 'status', status: 500, when: 'before' },
  { kind: 'status', status: 503, when: 'after' },
  { kind: 'status', status: 502, when: 'after', rateHeaders: false, body: '<html>Bad Gateway</html>' },
  { kind: 'status', status: 408, when: 'after' },
  { kind: 'status', status: 423 },
  { kind: 'drop', when: 'before' },
  { kind: 'drop', when: 'after' },
  { kind: 'slow', when: 'before', ms: 3_000 },
  // Longer than the client waits: carried out when nobody listens any more, or never answered.
  { kind: 'slow', when: 'before', ms: 64_000 },
  { kind: 'slow', when: 'after', ms: 90_000 },
  { kind: 'truncate' },
  { kind: 'html200', when: 'before' },
  { kind: 'html200', when: 'after' },
  { kind: 'empty200', when: 'after' },
]

/** All goods of a very small shop at once are another shop's file, and fewer than what passes by default. */
const FEW_CREATES: GuardSettings = { maxCreates: MOST_CREATES }

const OPEN: GuardSettings = {
  ...FEW_CREATES,
  maxChanges: '100%',
  maxHides: '100%',
  stockToZero: '100%',
  maxPriceChange: '95%',
  priceFloor: false,
  priceScale: false,
  maxSourceDrop: '60%',
  flap: false,
  changeRate: false,
  maxConflicts: '100%',
}

const rule = (from: string, more: Partial<FieldRule> = {}): FieldRule => ({
  from,
  owner: 'source',
  conflict: 'ask',
  blank: 'keep',
  writeBack: false,
  trim: true,
  ...more,
})

const drawSyncs = (dice: Dice, guards: GuardSettings, extras: Extras, latest: Dice): readonly SyncSpec[] => {
  const spec = (
    name: string,
    resource: string,
    fields: SyncSpec['fields'],
    more: Partial<SyncSpec> = {},
  ): SyncSpec => ({
    name,
    store: 'main',
    resource,
    source: name,
    key: { sku: 'sku' },
    fields,
    create: false,
    createDefaults: {},
    remove: 'never',
    guards,
    insert: false,
    circuit: false,
    recheck: dice.pick(['auto', 'auto', 'all']),
    filter: { equals: {} },
    ...more,
  })
  const goods = spec(
    'goods',
    'products',
    { name: rule('name'), type: rule('type'), weight: rule('weight'), price: rule('price') },
    { create: true, remove: dice.pick(['never', 'never', 'hide']) },
  )
  const prices = spec('prices', 'skus', { price: rule('price') })
  const aged = dice.pick<Partial<FieldRule>>([
    {},
    { asOf: { column: EXPORTED }, after: 'hold' },
    { asOf: { column: EXPORTED }, after: 'subtract-orders' },
    { asOf: { column: EXPORTED }, after: 'subtract-orders' },
    { asOf: { column: EXPORTED }, after: 'overwrite' },
  ])
  const stock = spec('stock', 'skus', { inventory_level: rule('stock', aged) })
  const texts = spec('texts', 'products', {
    description: rule('description', {
      owner: dice.pick(['source', 'store', 'both', 'both']),
      conflict: dice.pick(['ask', 'source', 'store', 'newer']),
      writeBack: dice.chance(0.6),
    }),
  })
  const first = dice.chance(0.5) ? goods : prices
  const usual = [first, stock, texts].filter((_one, index) => index === 0 || dice.chance(0.5))
  const whole = extras.parts ? withParts(goods, rule, latest) : first
  return [
    whole,
    ...partSyncs(catalog, whole).map(openPart),
    ...usual.filter((one) => one !== first && !(one === texts && extras.insert)),
    ...(extras.insert ? [{ ...texts, insert: true }] : []),
    ...(extras.lists ? [listed(prices, rule, latest)] : []),
  ]
}
