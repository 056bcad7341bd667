import fc from 'fast-check'
import { type BaseField, fieldsOf, targetOf, type WriteContext } from '../../src/diff/index.ts'
import type { FieldRule, Value, Values } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'

/** What the planner sees of a shop, small enough to meet every case: a few products, the source's rows, what was agreed. */
export interface World {
  readonly rules: Readonly<Record<string, FieldRule>>
  readonly soleToChild: boolean
  readonly parents: Map<number, Record<string, Value>>
  readonly children: Map<number, Record<string, Value>>
  /** By SKU; an absent field is one that the source says nothing about. */
  readonly source: Map<string, Record<string, Value>>
  readonly base: Map<string, Record<string, BaseField>>
}

export const target = targetOf(catalog, 'skus')
export const fields = fieldsOf(target)

/** Fields that a feed names, each living in the store in another way: inherited, by the product, by whoever tracks stock, own. */
export const NAMES = ['price', 'sale_price', 'cost_price', 'name', 'inventory_level', 'upc'] as const
export type Name = (typeof NAMES)[number]

// Few values, so that equal ones meet often: unrelated random states never show the interesting cases.
const VALUES: Record<Name, readonly Value[]> = {
  price: ['10', '12.5', '20'],
  sale_price: ['8', '9.99', null],
  cost_price: ['4', '5.25', null],
  name: ['Mug', 'Cup', 'Mug, blue'],
  inventory_level: [0, 3, 7],
  upc: ['0012345', '99', null],
}

const oneOf = (name: Name): fc.Arbitrary<Value> => fc.constantFrom(...VALUES[name])

const rule = (from: string): fc.Arbitrary<FieldRule> =>
  fc.record({
    from: fc.constant(from),
    owner: fc.constantFrom('source', 'source', 'store', 'both'),
    conflict: fc.constantFrom('ask', 'source', 'store', 'newer'),
    blank: fc.constant('keep'),
    writeBack: fc.boolean(),
    trim: fc.constant(true),
  }) as fc.Arbitrary<FieldRule>

/** The source may ask for what the store does not take. */
const wishFor = (name: Name): fc.Arbitrary<Value> =>
  name === 'upc' ? fc.oneof({ arbitrary: oneOf(name), weight: 4 }, fc.constant('0'.repeat(40))) : oneOf(name)

const opinions = fc.record(Object.fromEntries(NAMES.map((name) => [name, wishFor(name)])), {
  requiredKeys: [],
}) as fc.Arbitrary<Record<string, Value>>

const agreed = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, fc.record({ store: oneOf(name), source: oneOf(name) })])),
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, BaseField>>

const child = fc.record({
  price: fc.option(oneOf('price')),
  sale_price: oneOf('sale_price'),
  cost_price: oneOf('cost_price'),
  inventory_level: oneOf('inventory_level'),
  upc: oneOf('upc'),
  opinion: fc.option(opinions),
  agreed: fc.option(agreed),
})

const family = fc.record({
  price: oneOf('price'),
  sale_price: oneOf('sale_price'),
  cost_price: oneOf('cost_price'),
  name: oneOf('name'),
  upc: oneOf('upc'),
  inventory_level: oneOf('inventory_level'),
  inventory_tracking: fc.constantFrom('none', 'product', 'variant'),
  isSimple: fc.boolean(),
  children: fc.array(child, { minLength: 1, maxLength: 3 }),
})

export const world: fc.Arbitrary<World> = fc
  .record({
    rules: fc.record(Object.fromEntries(NAMES.map((name) => [name, rule(name)])), { requiredKeys: ['price'] }),
    soleToChild: fc.boolean(),
    families: fc.array(family, { minLength: 1, maxLength: 3 }),
  })
  .map(({ rules, soleToChild, families }) => {
    const made: World = {
      rules: rules as World['rules'],
      soleToChild,
      parents: new Map(),
      children: new Map(),
      source: new Map(),
      base: new Map(),
    }
    families.forEach((one, index) => {
      const id = index + 1
      const { children, isSimple, ...held } = one
      const members = isSimple ? children.slice(0, 1) : children
      made.parents.set(id, { id, ...held, base_variant_id: isSimple ? id * 10 : null })
      members.forEach(({ opinion, agreed: known, ...own }, place) => {
        const variant = id * 10 + place
        const sku = `S${variant}`
        // A simple product's stock figure is one, whichever of its two rows is read.
        const stock = isSimple ? { inventory_level: held.inventory_level } : {}
        made.children.set(variant, { id: variant, product_id: id, sku, ...own, ...stock })
        if (opinion) made.source.set(sku, { ...opinion })
        if (known) made.base.set(sku, { ...known })
      })
    })
    return made
  })

/** The row of one SKU as the derived view shows it. */
export const rowOf = ({ parents, children }: World, variant: number): Values => {
  const own = children.get(variant) ?? {}
  const parent = parents.get(Number(own['product_id'])) ?? {}
  const isSole = parent['base_variant_id'] === variant
  const tracking = parent['inventory_tracking']
  const inherited = (name: string): Value => own[name] ?? parent[name] ?? null
  return {
    sku: own['sku'] ?? null,
    is_simple: isSole,
    inventory_tracking: tracking ?? null,
    price: inherited('price'),
    sale_price: inherited('sale_price'),
    cost_price: inherited('cost_price'),
    name: parent['name'] ?? null,
    upc: (isSole ? parent['upc'] : own['upc']) ?? null,
    inventory_level: tracking === 'none' ? null : ((tracking === 'product' ? parent : own)['inventory_level'] ?? null),
  }
}

export const entityOf = ({ children }: World, variant: number): Values => ({
  product_id: children.get(variant)?.['product_id'] ?? null,
  variant_id: variant,
})

export const writeContext = (one: World): WriteContext => ({
  location: 1,
  soleToChild: one.soleToChild,
  row: () => undefined,
  family: (key) => {
    const parent = one.parents.get(Number(key))
    return parent && { parent, children: [...one.children.values()].filter((own) => own['product_id'] === key) }
  },
})

export const copyOf = (one: World): World => structuredClone(one)
