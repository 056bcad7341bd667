import { type Body, email, moment, needFields, oneOf, readFields, text, whole } from '../rules.ts'
import { type ChildRow, catalogTime, type ProductRow, type State } from '../state.ts'
import { partOf } from './find.ts'

/** Adds a review, or changes the one with the id. @throws {Refusal} 422 or 404. */
export const writeReview = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const { date_reviewed: day, ...said } = readFields(body, RULES)
  const fields = { ...said, ...(typeof day === 'string' && { date_reviewed: catalogTime(Date.parse(day)) }) }
  const now = catalogTime(state.now())
  if (id !== undefined) {
    const { id: known } = partOf(state.reviews, product, 'review', id)
    return state.reviews.update(known, { ...fields, date_modified: now })
  }
  needFields(body, ['title', 'date_reviewed'])
  return state.reviews.insert({
    product_id: product.id,
    ...BLANK,
    ...fields,
    date_created: now,
    date_modified: now,
  })
}

const BLANK = { title: '', text: '', status: 'pending', rating: 0, email: '', name: '' }

const RULES = {
  title: text(255),
  text: text(),
  status: oneOf('approved', 'disapproved', 'pending'),
  rating: whole(0, 5),
  email,
  name: text(255),
  date_reviewed: moment,
}
