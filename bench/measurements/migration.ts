import { inChild } from '../in-child.ts'
import type { Cost } from '../measured.ts'
import { migratedServed } from '../migration/served.ts'
import { atMost, exponent, type Result, result } from '../result.ts'
import type { Adopted } from '../tasks/count-adoption.ts'
import type { Migrated } from '../tasks/count-migration.ts'
import type { CatalogForecast } from '../tasks/foretell-catalog.ts'
import type { Options } from './options.ts'

/**
 * Requests of migrations between two stores against what arithmetic asks for, resource by resource. Counted, not timed, so once is
 * enough; time is that of the stores, at the smallest plan's quota.
 */
export const migration = async ({ scale, say }: Options): Promise<readonly Result[]> => {
  say('migration: of one emulated store into another, again, and after edits on both sides')
  const migrated = await inChild('countMigration', { scale })
  say('migration: into a store that holds a third of the products')
  const adopted = await inChild('countAdoption', { scale })
  say('migration: the plan of a large catalog')
  const foretold = await inChild('foretellCatalog', { products: Math.max(10, Math.round(40_000 * scale)) })
  say('migration: memory and processor time of the compiled command')
  const costs = [await migratedServed(scale / 4), await migratedServed(scale)] as const
  say(LOOK)
  return [
    ...copies(migrated),
    ...deltas(migrated),
    ...adoptions(adopted),
    ...ofCatalog(foretold),
    ...growth(costs, migrated.rows),
  ]
}

const LOOK = 'migration: 1 request above a minimum is the first look of a push that overwrites more than 50 rows'

const line = (
  what: string,
  ratio: number,
  most: number | null,
  figures: Readonly<Record<string, number>>,
  peak?: number,
): Result => result('migration', what, ratio, most === null ? null : atMost(most), figures, peak)

const copies = ({ rows, plan, first, second, differ, compared }: Migrated): readonly Result[] => {
  const { read, write, check } = first.requests
  const figures = { rows, ...first.requests, least: total(first.least), seconds: first.seconds }
  const off = (foretold: number, was: number): number => Math.abs(foretold - was) / was
  return [
    line('a first migration / minimum', write / total(first.least), 1.01, figures),
    ...byResource('a first migration', first.writes, first.least),
    line('a first migration: reading and checking / writing', (read + check) / write, 0.1, figures),
    line('a first migration: rows that stay behind', first.left, 0, figures),
    line('error of the foretold requests of a first migration', off(plan.requests, write), 0.02, { ...plan, write }),
    line('error of the foretold time of a first migration', off(plan.seconds, first.seconds), 0.02, {
      foretold: plan.seconds,
      was: first.seconds,
    }),
    line('a second migration: requests that write', second.requests.write, 0, { ...second.requests }),
    line('values that differ between both stores afterwards', differ, 0, { differ, compared }),
  ]
}

const deltas = ({ delta, last }: Migrated): readonly Result[] => [
  line('a delta after edits on both sides / minimum', delta.requests.write / total(delta.least), 1.05, {
    ...delta.requests,
    least: total(delta.least),
  }),
  ...byResource('a delta', delta.writes, delta.least),
  line(
    'a delta: conflicts beyond or short of the fields that both changed',
    Math.abs(delta.conflicts - delta.expected),
    0,
    {
      found: delta.conflicts,
      expected: delta.expected,
    },
  ),
  line('the migration after it: requests that write', last.requests.write, 0, { ...last.requests }),
]

const adoptions = ({ quotas, ...one }: Adopted): readonly Result[] => {
  const { held, adopted, doubled, overwritten, left, seconds } = one
  const figures = { held, adopted, doubled, overwritten, left, ...one.requests, least: total(one.least) }
  const slower = Math.max(quotas.old, quotas.fresh)
  return [
    line('into a store with a third of the products / minimum', one.requests.write / total(one.least), 1.01, figures),
    ...byResource('into a third', one.writes, one.least),
    line('products and variants that were there and were not adopted', held - adopted, 0, figures),
    line('products and SKUs that are there twice afterwards', doubled, 0, figures),
    line('values of rows that were there and were written over', overwritten, 0, figures),
    line('reading the whole old store / writing', readsOf(one.reads) / one.requests.write, null, { ...one.reads }),
    line('time of reading one store and writing the other / of the slower quota alone', seconds / slower, 1.1, {
      seconds,
      ...quotas,
    }),
    line('the same / one after the other', seconds / (quotas.old + quotas.fresh), null, { seconds, ...quotas }),
  ]
}

/** What BigCommerce’s own guide to migrations estimates for more than 40,000 products. */
const THEIR_HOURS = 15

const ofCatalog = ({ products, requests, seconds, variants }: CatalogForecast): readonly Result[] => {
  const figures = { products, variants, requests, seconds }
  const hours = (seconds / 3600) * (40_000 / products)
  return [
    line('plan of a catalog: requests / products, which are made one by one', requests / products, 1.05, figures),
    line(
      'plan of 40,000 products: hours on the smallest plan / the 15 of BigCommerce’s own guide',
      hours / THEIR_HOURS,
      null,
      figures,
    ),
  ]
}

const growth = ([small, large]: readonly [Cost, Cost], rows: number): readonly Result[] => [
  line('growth exponent of a first migration in rows, processor', exponent([1, 4], [small.cpu, large.cpu]), 1.1, {
    rows,
    quarter: small.cpu,
    whole: large.cpu,
  }),
  line(
    'peak memory of a first migration / of one of a fourth of the rows',
    large.peak / small.peak,
    null,
    {
      quarter: small.peak,
      whole: large.peak,
    },
    large.peak,
  ),
]

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0)

const readsOf = ({ read, check }: Migrated['first']['reads']): number => read + check

/** One line for each resource of which something is written, or should be. */
const byResource = (
  of: string,
  writes: Readonly<Record<string, number>>,
  least: Readonly<Record<string, number>>,
): readonly Result[] => {
  const names = [...new Set([...Object.keys(least), ...Object.keys(writes)])].sort()
  return names.flatMap((name) => {
    const [made, minimum] = [writes[name] ?? 0, least[name] ?? 0]
    if (made < minimum) throw new Error(`${of}: ${name}: ${made} requests, and ${minimum} are the least`)
    return made || minimum ? [line(`${of}: ${name} / minimum`, made / minimum, 1, { write: made, least: minimum })] : []
  })
}
