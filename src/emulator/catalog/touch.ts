import { catalogTime, type State } from '../state.ts'

/** A part of the product changed, which counts as a change of the product. */
export const touch = (state: State, productId: number): void => {
  state.products.update(productId, { date_modified: catalogTime(state.now()) })
}
