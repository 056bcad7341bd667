import type { State } from '../../../src/emulator/index.ts'
import { catalogTime, type ProductRow } from '../../../src/emulator/state.ts'
import type { Dice } from '../dice.ts'
import { moveStock } from '../move-stock.ts'
import { cloneProduct, isSimple } from './stores.ts'
import type { MoveWorld, Shop } from './world.ts'

/** Somebody does one thing in one of the two stores. */
export const act = (world: MoveWorld, dice: Dice): void => actIn(world, dice.chance(0.5) ? world.from : world.to, dice)

export const actIn = (world: MoveWorld, shop: Shop, dice: Dice): void => {
  const { emulator, history } = shop
  // What our own requests still had under way becomes visible first, under our name.
  emulator.state.timeline.catchUp()
  history.note('client')
  const did = edit(world, shop, dice)
  history.note('merchant')
  world.trace.add(`the merchant of ${shop.name} ${did}`)
}

const edit = (world: MoveWorld, { name, emulator }: Shop, dice: Dice): string => {
  const { state } = emulator
  const product = dice.pick(state.products.list())
  const brand = dice.pick(state.brands.list())
  const category = dice.pick(state.categories.list())
  const date_modified = catalogTime(state.now())
  const change = (facts: Partial<ProductRow>): string => {
    if (!product) return 'finds no product'
    state.products.update(product.id, { ...facts, date_modified })
    return `edits ${product.id}: ${JSON.stringify(facts)}`
  }
  const number = ++world.made
  switch (dice.between(1, name === 'from' ? 13 : 11)) {
    case 1:
    case 2:
      return change({ price: dice.between(10, 90) })
    case 3:
      return change({ description: `text ${number}` })
    case 4:
      return change({ weight: dice.between(1, 9) })
    case 5:
      if (!brand) return 'finds no brand'
      state.brands.update(brand.id, { meta_description: `text ${number}` })
      return `edits brand ${brand.id}`
    case 6:
      if (!category) return 'finds no category'
      state.categories.update(category.id, { description: `text ${number}` })
      return `edits category ${category.id}`
    case 7: {
      const child = dice.pick(product ? state.variants.where('product', product.id) : [])
      if (!product || !child || isSimple(product)) return 'finds no variant'
      state.variants.update(child.id, { price: dice.between(10, 90) })
      state.products.update(product.id, { date_modified })
      return `edits variant ${child.id}`
    }
    case 8:
      if (world.swarm.quiet) return 'spares them'
      return brand && dice.chance(0.5) ? renameBrand(state, brand.id, number) : change({ name: `Renamed ${number}` })
    case 9:
      if (world.swarm.quiet || !product || !dice.chance(0.5)) return 'spares them'
      for (const { id } of state.variants.where('product', product.id)) state.variants.delete(id)
      for (const { id } of state.customFields.where('product', product.id)) state.customFields.delete(id)
      for (const { id, variant_id } of state.priceRecords.list())
        if (!state.variants.has(Number(variant_id))) state.priceRecords.delete(id)
      state.products.delete(product.id)
      return `deletes product ${product.id}`
    case 10: {
      const child = dice.pick(product ? state.variants.where('product', product.id) : [])
      if (!product || !child || product.inventory_tracking === 'none') return 'finds no stock'
      return moveStock(state, product, child, dice.between(1, 5))
    }
    case 11: {
      const record = dice.pick(state.priceRecords.list())
      if (!record) return 'finds no price of a list'
      const price = dice.between(10, 90)
      state.priceRecords.update(record.id, { price, calculated_price: price, date_modified })
      return `sets the price of variant ${record.variant_id} in list ${record.price_list_id} to ${price}`
    }
    case 12: {
      const custom_url = { url: `/brand-${number}/`, is_customized: false }
      const made = state.brands.insert({ ...EMPTY_BRAND, name: `Brand ${number}`, custom_url })
      const child = state.categories.insert({
        ...EMPTY_CATEGORY,
        parent_id: category?.id ?? 0,
        name: `Category ${number}`,
        url: { path: `/category-${number}/`, is_customized: false },
        category_uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      })
      return `makes brand ${made.id} and category ${child.id}`
    }
    default: {
      const model = state.products.list().find(isSimple)
      if (!model) return 'finds no product'
      const names = { name: `Product ${number}`, sku: `MADE-${number}`, date_modified }
      return `makes product ${cloneProduct(state, state, model, names)}`
    }
  }
}

const renameBrand = (state: State, id: number, number: number): string => {
  state.brands.update(id, { name: `Renamed ${number}` })
  return `renames brand ${id}`
}

const EMPTY_BRAND = {
  page_title: '',
  meta_keywords: [],
  meta_description: '',
  search_keywords: '',
  image_url: '',
}

const EMPTY_CATEGORY = {
  tree_id: 1,
  description: '',
  views: 0,
  sort_order: 0,
  page_title: '',
  meta_keywords: [],
  meta_description: '',
  layout_file: 'category.html',
  image_url: '',
  is_visible: true,
  search_keywords: '',
  default_product_sort: 'use_store_settings',
}
