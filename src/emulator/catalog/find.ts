import { notFound, refuse } from '../answers.ts'
import { idOf } from '../rules.ts'
import type { ChildRow, ProductRow, VariantRow } from '../state.ts'
import type { Table } from '../table.ts'
import type { Call } from '../types.ts'

/** The product that the path names. @throws {Refusal} 404. */
export const productOf = ({ state, params }: Call): ProductRow =>
  state.products.get(idOf(params['id'])) ?? refuse(notFound(`A product with the id of ${params['id']} was not found.`))

/** The variant that the path names, of the product that it names. @throws {Refusal} 404. */
export const variantOf = (call: Call): { product: ProductRow; variant: VariantRow } => {
  const product = productOf(call)
  return { product, variant: partOf(call.state.variants, product, 'variant', idOf(call.params['variant'])) }
}

/** A part of a product by its id. @throws {Refusal} 404. */
export const partOf = <R extends ChildRow>(
  table: Pick<Table<R>, 'get'>,
  product: ProductRow,
  word: string,
  id: number,
): R => {
  const row = table.get(id)
  return row?.product_id === product.id ? row : refuse(notFound(`A ${word} with the id of ${id} was not found.`))
}
