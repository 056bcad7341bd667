import { type FieldErrors, invalid, Refusal, refuse, tooManyRows } from '../answers.ts'
import { arrayOf, type Body } from '../rules.ts'

/** Most rows of a request. Of customers it is told; of the others it is not, and other clients keep to it (docs/bigcommerce.md, Customers). */
export const MOST = 10

/**
 * What each row of a batch becomes. One bad row refuses them all; the complaints of each row are named by its place.
 * @throws {Refusal} 422, and 413 with more rows than a request may hold.
 */
export const allOrNone = <T>(body: unknown, title: string, write: (row: Body) => T): readonly T[] => {
  const rows = arrayOf(body)
  if (rows.length > MOST) refuse(tooManyRows(MOST))
  const errors: Record<string, string> = {}
  const done = rows.flatMap((row, index) => {
    try {
      return [write(row)]
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      for (const [name, message] of Object.entries(errorsOf(error)))
        errors[name.startsWith('.') ? name : `${index}.${name}`] = message
      return []
    }
  })
  return Object.keys(errors).length ? refuse(invalid(title, errors)) : done
}

/** Refuses one row of a batch; a name with a dot in front says nothing of which. */
export const refuseRow = (name: string, message: string): never => refuse(invalid(message, { [name]: message }))

const errorsOf = ({ answer }: Refusal): FieldErrors => (answer.body as { readonly errors?: FieldErrors }).errors ?? {}
