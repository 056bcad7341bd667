import type { Incoming } from '../mirror/index.ts'
import { type Body, bodiesAt, type Resource } from '../model/index.ts'

/** The rows in the elements of an answer: one each, or several where the listing says so. */
export const rowsOf = ({ api }: Resource, bodies: readonly Body[]): readonly Incoming[] => {
  const path = api.list?.rows
  return path ? bodies.flatMap((body) => bodiesAt(body, path)) : bodies.map((body) => ({ body }))
}
