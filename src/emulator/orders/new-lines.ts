import { refuse, v2Error } from '../answers.ts'
import type { Body } from '../rules.ts'
import type { ProductRow, State, VariantRow } from '../state.ts'
import { customGoods, goodsOf, type PricedLine } from './line-row.ts'
import { priceOf } from './place.ts'

/** A line of a new order, and the thing of the catalog that it takes; none for a custom line. */
export interface NewLine extends PricedLine {
  readonly thing?: { readonly product: ProductRow; readonly variant: VariantRow }
}

/** The lines that a new order brings. @throws {Refusal} at one that cannot be ordered so. */
export const newLines = (state: State, products: unknown): readonly NewLine[] => {
  if (!Array.isArray(products) || products.length === 0) return invalid('products', 'is required')
  const lines = products.map((line: Body) => ('product_id' in line ? catalogLine(state, line) : customLine(line)))
  refuseShort(lines)
  return lines
}

const catalogLine = (state: State, line: Body): NewLine => {
  const product = state.products.get(Number(line['product_id'])) ?? invalid('product_id', 'names no product')
  const variant = variantOf(state, product, line)
  const quantity = quantityOf(line)
  const [least, most] = [Number(product['order_quantity_minimum'] ?? 0), Number(product['order_quantity_maximum'] ?? 0)]
  if (quantity < least || (most > 0 && quantity > most)) invalid('quantity', 'is not what the product allows')
  const goods = goodsOf(state, product, variant)
  const named = textOf(line, 'name', 250)
  const price = pricesOf(line) ?? { price: priceOf(product, variant), tax: 0 }
  return { goods: named ? { ...goods, name: named } : goods, quantity, ...price, thing: { product, variant } }
}

/** Name, quantity and both prices are needed. */
const customLine = (line: Body): NewLine => {
  const name = textOf(line, 'name', 250) || invalid('name', 'is required')
  const price = pricesOf(line) ?? invalid('price_inc_tax', 'is required')
  const goods = customGoods(name, textOf(line, 'sku', 255), textOf(line, 'upc', 255))
  return { goods, quantity: quantityOf(line), ...price }
}

/** By its id, by the options that it stands for, or the only one there is. */
const variantOf = (state: State, product: ProductRow, line: Body): VariantRow => {
  const variants = state.variants.where('product', product.id)
  const { variant_id, product_options } = line
  const chosen = Array.isArray(product_options) ? (product_options as readonly Body[]) : []
  const found =
    variant_id !== undefined
      ? variants.find(({ id }) => id === variant_id)
      : variants.find(({ option_values }) =>
          option_values.every((choice) =>
            chosen.some(({ id, value }) => id === choice.option_id && Number(value) === choice.id),
          ),
        )
  return found ?? invalid('product_options', 'names no variant of the product')
}

const quantityOf = ({ quantity }: Body): number =>
  Number.isInteger(quantity) && Number(quantity) > 0 ? Number(quantity) : invalid('quantity', 'is invalid')

const textOf = (line: Body, name: string, most: number): string => {
  const value = line[name]
  if (value === undefined || value === null) return ''
  return typeof value === 'string' && value.length <= most ? value : invalid(name, 'is invalid')
}

const pricesOf = (line: Body): Pick<NewLine, 'price' | 'tax'> | undefined => {
  const { price_ex_tax: without, price_inc_tax: whole } = line
  if (without === undefined && whole === undefined) return undefined
  const [price, withTax] = [amount(without, 'price_ex_tax'), amount(whole, 'price_inc_tax')]
  return { price, tax: Number((withTax - price).toFixed(4)) }
}

/** A number or text of one, not negative. */
export const amount = (value: unknown, name: string): number => {
  const isGiven = typeof value === 'number' || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value))
  if (!isGiven || Number(value) < 0) return invalid(name, value === undefined ? 'is required' : 'is invalid')
  return Number(value)
}

/** What is tracked must be there for all lines together. */
const refuseShort = (lines: readonly NewLine[]): void => {
  const wanted = new Map<VariantRow | ProductRow, number>()
  for (const { thing, quantity } of lines) {
    if (!thing || thing.product.inventory_tracking === 'none') continue
    const held = thing.product.inventory_tracking === 'product' ? thing.product : thing.variant
    wanted.set(held, (wanted.get(held) ?? 0) + quantity)
  }
  for (const [held, quantity] of wanted) {
    if (held.inventory_level < quantity) invalid('products', `asks for more of ${held.sku} than is in stock`)
  }
}

export const invalid = (name: string, why: string): never => refuse(v2Error(400, `The field '${name}' ${why}.`))
