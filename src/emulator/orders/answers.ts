import { refuse, v2Error } from '../answers.ts'
import type { Row } from '../table.ts'
import type { Answer, Call } from '../types.ts'

export const v2NotFound: Answer = v2Error(404, 'The requested resource was not found.')

/** The order that the path names. Archived orders are still there. */
export const orderOf = ({ state, params }: Call): Row => state.orders.get(Number(params['id'])) ?? refuse(v2NotFound)

/** Refuses with 400 the parameters that the resource does not know (docs/bigcommerce.md, Error bodies). */
export const refuseUnknown = (query: URLSearchParams, known: readonly string[]): void => {
  const unknown = [...query.keys()].find((name) => !known.includes(name))
  if (unknown !== undefined) refuse(v2Error(400, `The field '${unknown}' is not supported by this resource.`))
}
