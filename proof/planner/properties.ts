import fc from 'fast-check'
import { decideField, routeWrites, type Write, withApplied } from '../../src/diff/index.ts'
import { canonical, type Field, matchText, sameValue, type Value, wire } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { carryOut, planRound, rejectedKeys, storeOf } from './round.ts'
import { copyOf, entityOf, fields, NAMES, rowOf, target, type World, world } from './world.ts'

/** One promise of the planner, over any world. `check` returns what is wrong, or nothing. */
export interface PlannerProperty {
  readonly name: string
  readonly check: (cases: number, seed: number) => void
}

const property = <T>(name: string, input: fc.Arbitrary<T>, test: (value: T) => void): PlannerProperty => ({
  name,
  check: (cases, seed) => fc.assert(fc.property(input, test), { numRuns: cases, seed }),
})

const MOST_ROUNDS = 4

/** Rounds until nothing is left to do. */
const settle = (one: World): number => {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const found = planRound(one)
    if (!found.changes.some(({ action }) => action !== 'conflict')) {
      carryOut(one, found)
      return round
    }
    carryOut(one, found)
  }
  throw new Error(`not at rest after ${MOST_ROUNDS} rounds`)
}

const complain = (what: string, facts: unknown): never => {
  throw new Error(`${what}: ${JSON.stringify(facts)}`)
}

const shuffle = <T>(list: readonly T[], by: readonly number[]): readonly T[] =>
  list
    .map((one, index) => ({ one, at: by[index % by.length] ?? 0, index }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ one }) => one)

const orders = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 12 })

/** What the planner promises, each over worlds that fast-check makes up. */
export const PROPERTIES: readonly PlannerProperty[] = [
  property('I3, I4, I20: it comes to rest with both sides equal in every field that somebody owns', world, (one) => {
    settle(one)
    const rest = planRound(one)
    const open = new Set(rest.changes.map(({ key }) => matchText(key)))
    const rejected = rejectedKeys(rest)
    for (const [sku, opinions] of one.source) {
      if (open.has(sku.toLowerCase()) || rejected.has(sku.toLowerCase())) continue
      const row = rowOf(one, Number(sku.slice(1)))
      for (const name of Object.keys(one.rules)) {
        const [ours, theirs] = [opinions[name], row[name] ?? null]
        if (ours === undefined || sameValue(ours, theirs)) continue
        const known = one.base.get(sku)?.[name]
        const isSettled = known && sameValue(known.store, theirs) && sameValue(known.source, ours)
        if (!isSettled) complain('two sides differ at rest', { sku, name, ours, theirs, known })
      }
    }
  }),

  property('the order of the source’s rows decides nothing', fc.tuple(world, orders), ([one, by]) => {
    const other = copyOf(one)
    carryOut(one, planRound(one))
    carryOut(other, planRound(other, shuffle([...other.source.keys()], by)))
    if (!sameValue(JSON.parse(JSON.stringify(storeOf(one))), JSON.parse(JSON.stringify(storeOf(other))))) {
      complain('another order, another store', [storeOf(one), storeOf(other)])
    }
  }),

  property('the order of the requests of one stage decides nothing', fc.tuple(world, orders), ([one, by]) => {
    const other = copyOf(one)
    const round = planRound(one)
    const stages = routeWrites(catalog, round.writes)
    const straight = stages.flatMap((stage) => stage.flatMap(({ rows }) => rows))
    const shuffled = stages.flatMap((stage) => shuffle(stage, by).flatMap(({ rows }) => shuffle(rows, by)))
    if (straight.length !== round.writes.length) complain('a row is lost on its way to a request', round.writes)
    carryOut(one, round, straight)
    carryOut(other, round, shuffled)
    if (JSON.stringify(storeOf(one)) !== JSON.stringify(storeOf(other))) complain('another order, another store', by)
  }),

  property('I1: nothing is written outside the mapped fields, nor against their owner', world, (one) => {
    const round = planRound(one)
    const wanted = new Map(round.changes.map((change) => [change.id, change]))
    for (const { resource, id, set, parts } of round.writes) {
      for (const name of Object.keys(set)) {
        const part = parts.find((each) => each.name === name)
        const change = part && wanted.get(part.change)
        const field = change?.fields.find((each) => each.field === part?.field)
        if (!field) return complain('a value that no change asks for', { resource, id, name })
        if (one.rules[field.field]?.owner === 'store') complain('the store owns the field', field)
        if (!sameValue(field.to, set[name] ?? null)) complain('another value than planned', { field, set })
      }
    }
    for (const { action, fields: changed } of round.changes) {
      for (const { field } of changed) {
        const owner = one.rules[field]?.owner
        if (!owner) complain('a field that is not mapped', field)
        if (action === 'write-back' && owner === 'source') complain('the source owns the field', field)
      }
    }
  }),

  property('a plan says what the store holds now, and every value it writes is canonical', world, (one) => {
    for (const { action, key, fields: changed } of planRound(one).changes) {
      const row = rowOf(one, Number(String(key['sku']).slice(1)))
      for (const { field, from, to } of changed) {
        const held = action === 'write-back' ? (one.source.get(String(key['sku']))?.[field] ?? null) : row[field]
        if (!sameValue(from, held)) complain('not what is there', { action, field, from, held })
        if (sameValue(from, to)) complain('a change that changes nothing', { action, field, to })
        const facts = fields[field] as Field
        if (!sameValue(canonical(facts, wire(facts, to)), to)) complain('not canonical', { field, to })
      }
    }
  }),

  property('a row is written as the source meant it or not at all', world, (one) => {
    const round = planRound(one)
    const rejected = rejectedKeys(round)
    const half = round.changes.find(({ key }) => rejected.has(matchText(key)))
    if (half) complain('a rejected row is written in part', half)
  }),

  property('every row travels once, in as few requests as its route allows', fc.nat(140), (count) => {
    const writes = Array.from({ length: count }, (_, index): Write => {
      const resource = index % 3 ? 'products' : 'variants'
      const set = { price: String(index + 1) }
      return {
        resource,
        id: { id: index + 1, product_id: index + 1 },
        set,
        unit: String(index),
        changes: [index],
        parts: [],
        verb: 'update',
      }
    })
    const batches = routeWrites(catalog, writes).flat()
    const sent = batches.flatMap(({ rows }) => rows.flatMap(({ changes }) => changes)).sort((a, b) => a - b)
    if (sent.length !== count || new Set(sent).size !== count) complain('a row is lost or doubled', sent)
    for (const resource of ['products', 'variants']) {
      const mine = batches.filter((batch) => batch.resource.name === resource)
      const most = mine[0]?.route.batch ?? 1
      const fewest = Math.ceil(writes.filter((write) => write.resource === resource).length / most)
      if (mine.length !== fewest) complain('more requests than needed', { resource, asked: mine.length, fewest })
    }
  }),

  property('a variant’s price is never cleared or zeroed by a row that says otherwise', world, (one) => {
    for (const { set, parts, changes } of planRound(one).writes) {
      if (!changes.length || !parts.length) complain('a write for nobody', set)
      if ('price' in set && (set['price'] === null || Number(set['price']) <= 0)) complain('no price', set)
    }
  }),

  property(
    'I2: exchanging the sides exchanges update and write-back',
    fc.tuple(
      fc.constantFrom<Value>('1', '2', '3', null),
      fc.constantFrom<Value>('1', '2', '3', null),
      fc.option(fc.constantFrom<Value>('1', '2', '3', null), { nil: undefined }),
    ),
    ([ours, theirs, agreed]) => {
      const rules = { owner: 'both', conflict: 'ask', writeBack: true } as const
      const known = agreed === undefined ? undefined : { store: agreed, source: agreed }
      const one = decideField(rules, { source: ours, store: theirs, base: known }).kind
      const other = decideField(rules, { source: theirs, store: ours, base: known }).kind
      const turned: Record<string, string> = { update: 'write-back', 'write-back': 'update' }
      if (other !== (turned[one] ?? one)) complain('not symmetric', { ours, theirs, agreed, one, other })
    },
  ),

  property(
    'I9: while a write of ours has not settled, the comparison sees what was applied and not an early reading',
    fc.tuple(world, fc.constantFrom(...NAMES), fc.nat(9)),
    ([one, name, pick]) => {
      const variants = [...one.children.keys()]
      const variant = variants[pick % variants.length] as number
      const [row, entity] = [rowOf(one, variant), entityOf(one, variant)]
      const mark = name === 'name' ? 'ours' : name === 'inventory_level' ? 41 : '7.77'
      const facts = target.kind === 'family' ? target.derived.fields[name] : undefined
      const holdsStock = facts?.of !== 'stock' || row['inventory_tracking'] !== 'none'
      const seen = withApplied(target, row, entity, Object.keys(one.rules), (_resource, key, field) =>
        field === facts?.field && (key === String(variant) || key === String(entity['product_id'])) ? mark : undefined,
      )
      const expected = name in one.rules && holdsStock ? mark : row[name]
      if (!sameValue(seen[name] ?? null, expected ?? null)) complain('an early reading wins', { name, seen, expected })
      for (const other of NAMES) {
        if (other !== name && !sameValue(seen[other] ?? null, row[other] ?? null))
          complain('another field moved', other)
      }
    },
  ),
]
