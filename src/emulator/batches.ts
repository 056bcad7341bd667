import { invalid, Refusal, refuse, STATUS_PAGE, tooManyRows } from './answers.ts'
import type { Answer, Call } from './types.ts'

/**
 * Carries out each row of a batch by itself and saves the good ones. With bad ones among them the answer is a 422 that holds
 * what was saved (docs/bigcommerce.md, Metafields).
 * @throws {Refusal} 422 when the body is no array, 413 when it holds more than 50 rows.
 */
export const each = (call: Call, write: (row: unknown) => unknown): Answer => {
  const rows = Array.isArray(call.body) ? call.body : refuse(invalid('JSON data is missing or invalid'))
  if (rows.length > MOST) refuse(tooManyRows(MOST))
  const data: unknown[] = []
  const errors: unknown[] = []
  for (const row of rows) {
    try {
      data.push(call.state.timeline.atomically(() => write(row)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { body } = error.answer as { body: { title: string; errors?: object } }
      errors.push({
        status: 422,
        title: 'Bulk operation has failed',
        type: STATUS_PAGE,
        errors: body.errors ?? { '': body.title },
      })
    }
  }
  const meta = { total: rows.length, success: data.length, failed: errors.length }
  return { status: errors.length ? 422 : 200, body: { data, errors, meta } }
}

/** Undocumented; what other clients keep to. */
const MOST = 50
