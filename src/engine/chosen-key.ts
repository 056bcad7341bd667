import { choiceText, type WantedChoice } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import {
  type Catalog,
  type ChosenRows,
  chosenRows,
  type Rejection,
  type SourceItem,
  type SyncSpec,
  type Value,
  type Values,
} from '../model/index.ts'

/**
 * Gives rows that are named by their parent and by what they choose the store's own key. Neither case nor order of the options
 * tells two choices apart. A row of which the store has none, or several, is rejected. Undefined where a sync names its rows otherwise.
 */
export const chosenResolver = (
  catalog: Catalog,
  mirror: Mirror,
  spec: SyncSpec,
): ((item: SourceItem) => SourceItem) | undefined => {
  const rows = chosenRows(catalog, spec.resource)
  const chosen = rows && spec.keyRules?.[rows.field]?.chosen
  if (!rows || !chosen) return undefined
  const { field, parent } = rows
  const parents = mirror.lookup(parent, [chosen.of])
  const familyOf = families(mirror, rows)
  return (item) => {
    const key = 'row' in item ? item.row.key : item.rejection.key
    const told = key?.[field]
    if (!key || !isTold(told)) return item
    const [[name = ''] = [], ...pairs] = told
    const refuse = (columns: readonly string[], value: string, reason: string): SourceItem => {
      const { key: _untold, ...rejection }: Rejection =
        'row' in item ? { row: item.row.line, column: columns.join(', '), value, reason } : item.rejection
      return { rejection }
    }
    const [found, ...others] = parents.find({ [chosen.of]: name })
    if (!found) return refuse([chosen.column], name, `no ${chosen.of} among the ${parent.name} of the store`)
    if (others.length) return refuse([chosen.column], name, `the ${chosen.of} of several ${parent.name} of the store`)
    const choices = pairs.map(([option = '', label = '']) => ({ option, label }))
    const ids = familyOf(found.values[parent.key[0] ?? 'id'] ?? null).get(choiceText(choices)) ?? []
    const [id, ...more] = ids
    if (id === undefined || more.length) {
      const shown = choices.map(({ option, label }) => `${option} ${label}`).join(', ')
      const reason = more.length ? 'chosen by several rows of it in the store' : `no choice of ${name} in the store`
      return refuse(
        chosen.options.map(({ value }) => value),
        shown,
        reason,
      )
    }
    const known = { ...key, [field]: id }
    return 'row' in item ? { row: { ...item.row, key: known } } : { rejection: { ...item.rejection, key: known } }
  }
}

type Told = readonly (readonly string[])[]

const isTold = (value: Value | undefined): value is Told => Array.isArray(value) && value.every(Array.isArray)

/** The keys of a parent's rows by what they choose. Rows of one parent stand together in most sources, so the last is kept. */
const families = (mirror: Mirror, { child, link, nest }: ChosenRows) => {
  let last: { readonly parent: Value; readonly ids: ReadonlyMap<string, readonly Value[]> } | undefined
  return (parent: Value): ReadonlyMap<string, readonly Value[]> => {
    if (last?.parent === parent) return last.ids
    const ids = new Map<string, Value[]>()
    for (const row of mirror.rowsWhere(child, link, parent)) {
      const text = choiceText(choicesOf(row[nest.choices], nest.values.choice))
      ids.set(text, [...(ids.get(text) ?? []), row[child.key[0] ?? 'id'] ?? null])
    }
    last = { parent, ids }
    return ids
  }
}

/** What a row of the store chooses. */
export const choicesOf = (
  value: Value | undefined,
  { optionName, label }: ChosenRows['nest']['values']['choice'],
): readonly WantedChoice[] =>
  (Array.isArray(value) ? (value as Values[]) : []).map((one) => ({
    option: String(one[optionName]),
    label: String(one[label]),
  }))
