import { type Body, needFields, oneOf, readFields, text, whole } from '../rules.ts'
import type { ChildRow, ProductRow, State } from '../state.ts'
import { partOf } from './find.ts'
import { makeRoom } from './make-room.ts'

/**
 * Adds a video, or changes the one with the id. What YouTube would say of it is made up; which video it is cannot be changed.
 * @throws {Refusal} 422 or 404.
 */
export const writeVideo = (state: State, product: ProductRow, body: Body, id?: number): ChildRow => {
  const { video_id, ...fields } = readFields(body, RULES)
  const others = state.videos.where('product', product.id).filter((row) => row.id !== id)
  if (id !== undefined) {
    const before = partOf(state.videos, product, 'video', id)
    makeRoom(state.videos, others, Number(before['sort_order']), fields['sort_order'])
    return state.videos.update(id, fields)
  }
  needFields(body, ['video_id'])
  return state.videos.insert({
    product_id: product.id,
    sort_order: others.length,
    type: 'youtube',
    ...fields,
    title: fields['title'] || `Video ${video_id}`,
    description: fields['description'] || 'As told on YouTube.',
    video_id,
    length: '02:30',
  })
}

const RULES = {
  video_id: text(25, 1),
  title: text(255),
  description: text(),
  sort_order: whole(-2_147_483_648),
  type: oneOf('youtube'),
}
