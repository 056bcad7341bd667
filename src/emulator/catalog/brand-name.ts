import type { Defaults } from '../defaults.ts'
import { catalogPath } from '../listings/urls.ts'
import { type Body, readFields, text } from '../rules.ts'
import type { NamedRow, State } from '../state.ts'

/** `brand_name` finds the brand ignoring case, or makes it; it is never stored itself. */
export const brandNamed = (state: State, body: Body, defaults: Defaults): { brand_id?: number } => {
  const { brand_name: name } = readFields(body, { brand_name: text(255) })
  if (typeof name !== 'string' || name === '') return {}
  const [known] = state.brands.where('name', name.toLowerCase())
  if (known) return { brand_id: known.id }
  const custom_url = { url: catalogPath(name), is_customized: false }
  return { brand_id: state.brands.insert({ ...defaults('brands'), name, custom_url } as unknown as NamedRow).id }
}
