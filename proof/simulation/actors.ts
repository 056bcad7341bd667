import { placeOrder } from '../../src/emulator/orders/index.ts'
import { catalogTime, type ProductRow } from '../../src/emulator/state.ts'
import type { Dice } from './dice.ts'
import { actOnExtras, dropExtras, hasExtras, reviseExtras } from './extras.ts'
import { type Good, newGood } from './feeds.ts'
import { moveStock } from './move-stock.ts'
import type { Actor } from './swarm.ts'
import type { World } from './world.ts'

/** Somebody else does one thing. */
export const act = (world: World): void => {
  const { dice, swarm, emulator, history, trace } = world
  const actor = dice.pick(swarm.actors.length ? swarm.actors : NOBODY)
  if (!actor) return
  // What our own requests still had under way becomes visible first, under our name.
  emulator.state.timeline.catchUp()
  history.note('client')
  const { extras } = swarm
  const isExtra = actor === 'merchant' && (extras.parts || extras.lists) && world.latest.chance(0.4)
  const did = isExtra ? actOnExtras(extras, emulator.state, world.latest) : ACTS[actor](world, dice)
  history.note(actor)
  trace.add(`${actor} ${did}`)
}

const NOBODY: readonly Actor[] = []

type Act = (world: World, dice: Dice) => string

const ACTS: Readonly<Record<Actor, Act>> = {
  merchant: (world, dice) => {
    const { state } = world.emulator
    const product = dice.pick(state.products.list())
    if (!product) return 'finds nothing'
    const date_modified = catalogTime(state.now())
    const change = (facts: Partial<ProductRow>): string => {
      state.products.update(product.id, { ...facts, date_modified })
      return `edits ${product.id}: ${JSON.stringify(facts)}`
    }
    switch (dice.between(1, 6)) {
      case 1:
        return change({ price: near(product.price, dice) })
      case 2:
        return change({ name: `${product.name.split(' #')[0]} #${dice.between(1, 99_999)}` })
      case 3:
        return change({ description: `text ${dice.between(1, 9)}` })
      case 4:
        return change({ weight: dice.between(1, 9) })
      case 5: {
        const variant = dice.pick(state.variants.where('product', product.id))
        if (!variant || variant.id === product.base_variant_id) return 'finds no variant'
        // The platform does not date every edit of a variant.
        state.variants.update(variant.id, { price: near(variant.price ?? product.price, dice) })
        if (dice.chance(0.5)) state.products.update(product.id, { date_modified })
        return `edits variant ${variant.id}`
      }
      default:
        return restock(world, dice, product)
    }
  },

  shopper: (world, dice) => {
    const { state } = world.emulator
    const product = dice.pick(state.products.list())
    return product ? buy(world, dice, product) : 'finds nothing'
  },

  erp: (world, dice) => {
    const { feed } = world
    const now = world.clock.now()
    feed.land(now)
    feed.learn()
    if (dice.chance(world.swarm.blunders)) {
      feed.blunder(dice, now)
      return 'spoils the file'
    }
    const changed = Array.from({ length: dice.between(1, 4) }, () => {
      const good = dice.pick(feed.goods)
      if (good) revise(world, dice, good)
      if (good && hasExtras(world.swarm.extras))
        reviseExtras(world.swarm.extras, good, world.emulator.state, world.latest)
      return good?.sku
    })
    feed.export(now)
    if (dice.chance(0.4)) return `exports, ${changed.join(', ')} changed`
    feed.land(now)
    return `writes the file, ${changed.join(', ')} changed`
  },

  deleter: (world, dice) => {
    const { state } = world.emulator
    const product = dice.pick(state.products.list())
    if (!product || state.products.list().length < 4) return 'spares them'
    dropExtras(state, product.id)
    for (const { id } of state.variants.where('product', product.id)) state.variants.delete(id)
    state.products.delete(product.id)
    return `deletes ${product.id}`
  },
}

const revise = (world: World, dice: Dice, good: Good): void => {
  switch (dice.between(1, 6)) {
    case 1:
    case 2:
      // A row that was added from the store has a price once the merchant knows one.
      if (good.price !== '') good.price = String(near(Number(good.price), dice))
      break
    case 3:
      good.stock = String(dice.between(0, 30))
      break
    case 4:
      good.description = `text ${dice.between(1, 9)}`
      break
    case 5:
      good.weight = String(dice.between(1, 9))
      break
    default:
      if (world.feed.goods.length < 20) world.feed.goods.push(newGood(++world.made, dice))
  }
}

const buy = (world: World, dice: Dice, product: ProductRow): string => {
  const { state } = world.emulator
  const variant = dice.pick(state.variants.where('product', product.id))
  const shelf = product.inventory_tracking === 'product' ? product : variant
  if (!variant || !shelf || product.inventory_tracking === 'none') return 'finds no stock'
  if (shelf.inventory_level < 1) return 'finds nothing left'
  const quantity = dice.between(1, Math.min(2, shelf.inventory_level))
  placeOrder(state, {
    created: state.now(),
    statusId: 11,
    customerId: 0,
    address: ADDRESS,
    lines: [{ product, variant, quantity }],
    paymentMethod: 'Credit Card',
    shipping: 0,
  })
  world.feed.sales.push({ sku: product.sku, quantity, at: state.now() })
  return `buys ${quantity}: ${moveStock(world.emulator.state, product, variant, -quantity)}`
}

const ADDRESS = {
  first_name: 'A',
  last_name: 'Shopper',
  company: '',
  street_1: '1 Main Street',
  street_2: '',
  city: 'Austin',
  state: 'Texas',
  zip: '78701',
  country: 'United States',
  country_iso2: 'US',
  phone: '',
  email: 'a@example.com',
}

const restock = (world: World, dice: Dice, product: ProductRow): string => {
  const variant = dice.pick(world.emulator.state.variants.where('product', product.id))
  if (!variant || product.inventory_tracking === 'none') return 'finds no stock'
  return moveStock(world.emulator.state, product, variant, dice.between(1, 5))
}

/** A price as an ordinary day brings it. */
const near = (price: number, dice: Dice): number =>
  Math.min(900, Math.max(1, Math.round(price * (0.8 + 0.4 * dice.random()) * 100) / 100))
