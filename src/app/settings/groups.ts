import { chosenNest, type Grouping, type OptionColumn, suggestion } from '../../model/index.ts'
import { targetFields } from './fields.ts'
import { type ReadRule, readRule } from './mapping.ts'
import { optionColumns } from './options.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawSync } from './schema.ts'

/** How several rows make one, with the rules for those inside it. */
export const readGroup = (
  reading: Reading,
  path: Path,
  resource: string,
  raw: NonNullable<RawSync['group']>,
): { readonly grouping: Grouping; readonly rules: readonly ReadRule[] } => {
  const { by, parent, rows, options = [], list, none, variants } = raw
  const nest = chosenNest(reading.catalog.resources.get(resource))
  if (!nest) reading.add(path, `is for resources whose rows are made with others inside, such as products.`)
  const inner = targetFields(reading.catalog, nest?.resource ?? resource)
  const rules = new Map<string, ReadRule>()
  for (const [field, rule] of Object.entries(variants)) {
    rules.set(field, readRule(reading, [...path, 'variants', field], rule, inner.get(field)))
    if (nest && !nest.fields.includes(field))
      reading.add(
        [...path, 'variants', field],
        `is no field that a new one can have.${suggestion(field, nest.fields)}`,
        'key',
      )
  }
  if ([by, parent, rows, list].filter((one) => one !== undefined).length !== 1)
    reading.add(
      path,
      'needs one of "by" (rows that stand together), "parent" (a variant names its product), "rows" (variants stand below it) and "list" (a product lists them).',
    )
  if ((by !== undefined || parent) && !options.length) reading.add(path, 'needs "options": what each row chooses.')
  if (list !== undefined && (options.length || !variants[nest?.made ?? '']))
    reading.add(
      path,
      `has "list", which holds the options, and finds rows by "variants".${nest?.made ?? ''}, which must be mapped.`,
    )
  const columns = optionColumns(reading, [...path, 'options'], options)
  const grouping = {
    by: groupedBy(raw, columns),
    none: none ?? null,
    fields: Object.fromEntries([...rules].map(([field, { rule }]) => [field, rule])),
  }
  return { grouping, rules: [...rules.values()] }
}

const groupedBy = (
  { by, parent, rows, list }: NonNullable<RawSync['group']>,
  options: readonly OptionColumn[],
): Grouping['by'] => {
  if (list !== undefined) return { list }
  if (rows) {
    const { column, product, variant, unread = null, options: chosen } = rows
    return { marks: column, above: product, below: variant, unread, chosen }
  }
  if (!parent) return { neighbours: by ?? '', options }
  const names = Object.entries(parent.names).map(([prefix, column]) => ({ prefix, column }))
  return { parent: parent.column, names, options }
}
