import { type BaseField, compareKey, keepPossible, SharedStock, type Write } from '../../src/diff/index.ts'
import {
  type Change,
  matchText,
  type Rejection,
  type SourceRow,
  type Value,
  type Values,
} from '../../src/model/index.ts'
import { entityOf, rowOf, target, type World, writeContext } from './world.ts'

/** What one planning round over a world found. */
export interface Round {
  readonly changes: readonly Change[]
  readonly rejected: readonly Rejection[]
  readonly writes: readonly Write[]
  readonly agreed: ReadonlyMap<string, Readonly<Record<string, BaseField>>>
}

/** Compares every SKU of the source, in the order given, and finds the rows to write. */
export const planRound = (world: World, order: readonly string[] = [...world.source.keys()]): Round => {
  const shared = new SharedStock(target, world.rules)
  const found: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  const agreed = new Map<string, Readonly<Record<string, BaseField>>>()
  for (const sku of order) {
    const variant = Number(sku.slice(1))
    const source = sourceRow(world, sku)
    const [store, entity] = [rowOf(world, variant), entityOf(world, variant)]
    shared.see(source, store, entity)
    const result = compareKey(target, world.rules, { source, store, entity, base: world.base.get(sku) }, null)
    found.push(...result.changes)
    rejected.push(...result.rejections)
    agreed.set(sku, result.agreed)
  }
  const stock = shared.settle(found)
  rejected.push(...stock.rejected)
  const numbered = stock.changes.map((change, index): Change => ({ id: index + 1, ...change }))
  const { changes, writes, dropped } = keepPossible(target, numbered, writeContext(world))
  for (const { change, field, reason } of dropped) {
    rejected.push({ row: 0, column: field, value: '', reason, key: change.key })
  }
  return { changes, rejected, writes, agreed }
}

/** Carries a round out, its rows in the order given: the store takes every write, the source every write-back. */
export const carryOut = (world: World, round: Round, writes: readonly Write[] = round.writes): void => {
  for (const [sku, values] of round.agreed) merge(world, sku, values)
  for (const write of writes) applyWrite(world, write)
  for (const change of round.changes) {
    const sku = String(change.key['sku'])
    if (change.action === 'conflict') continue
    const row = rowOf(world, Number(sku.slice(1)))
    for (const { field, to } of change.fields) {
      if (change.action === 'write-back') world.source.get(sku)![field] = to
      merge(world, sku, { [field]: { store: row[field] ?? null, source: to } })
    }
  }
}

const sourceRow = (world: World, sku: string): SourceRow => {
  const opinions = world.source.get(sku) ?? {}
  const values: Record<string, Value> = {}
  for (const name of Object.keys(world.rules)) if (name in opinions) values[name] = opinions[name] ?? null
  return { line: Number(sku.slice(1)), key: { sku }, values }
}

const merge = (world: World, sku: string, values: Readonly<Record<string, BaseField>>): void => {
  world.base.set(sku, { ...world.base.get(sku), ...values })
}

const applyWrite = (world: World, { resource, id, set }: Write): void => {
  if (resource === 'inventory_items') {
    const child = id['variant_id'] ?? null
    const row = child === null ? world.parents.get(Number(id['product_id'])) : world.children.get(Number(child))
    row!['inventory_level'] = Object.values(set)[0] ?? null
    return
  }
  const row = (resource === 'products' ? world.parents : world.children).get(Number(id['id']))
  Object.assign(row!, set, 'name' in set ? { name: cleaned(set['name'] ?? null) } : {})
}

/** The store may clean up what it is sent, and then shows something else than it was told. */
const cleaned = (name: Value): Value => String(name).replace(',', '')

/** Rejected rows by key text. */
export const rejectedKeys = ({ rejected }: Round): ReadonlySet<string> =>
  new Set(rejected.map(({ key }) => matchText(key ?? {})))

/** The store's rows as plain data, for comparing two ends. */
export const storeOf = (world: World): readonly (readonly [number, Values])[] =>
  [...world.children.keys()].sort((a, b) => a - b).map((variant) => [variant, rowOf(world, variant)])
