import { refuse, v2Error } from '../answers.ts'
import { v2Page } from '../pages.ts'
import type { Row, Table } from '../table.ts'
import type { Answer, Call, Endpoint } from '../types.ts'

const scope = 'store_v2_information'

/** Currencies and tax classes, in the v2 form: bare rows, and 204 beyond the last. */
export const settingEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v2/currencies',
    scope,
    handle: (call) => list(call, call.state.currencies, (row) => row, 50),
  },
  {
    method: 'GET',
    path: '/v2/tax_classes',
    scope,
    // Ids of tax classes are texts.
    handle: (call) => list(call, call.state.taxClasses, ({ id, ...row }) => ({ id: String(id), ...row }), 250),
  },
]

const list = (call: Call, table: Table, shape: (row: Row) => unknown, most: number): Answer => {
  const [unknown] = [...call.query.keys()].filter((name) => name !== 'page' && name !== 'limit')
  if (unknown) refuse(v2Error(400, `The field '${unknown}' is not supported by this resource.`))
  return v2Page(call, table.list(), shape, { usual: Math.min(50, most), most })
}
