import type { MappingProposal } from '../app/index.ts'
import type { Prompts } from './prompts.ts'

type Column = MappingProposal['columns'][number]

/** The columns that a person takes, the key first; null when they take none. What is sure is a proposal. */
export const askMapping = async (
  prompts: Prompts,
  { columns, sync }: MappingProposal,
): Promise<readonly Column[] | null> => {
  const key = await askKey(prompts, columns)
  const fields = columns.filter((column) => column.field !== null && !column.isKey && column.column !== key.column)
  const choices = fields.map(({ column, field, certainty }) => ({
    value: column,
    label: `${column} → ${field}`,
    ...(certainty === 'guess' ? { hint: 'a guess' } : {}),
  }))
  const initial = fields.filter(({ certainty }) => certainty === 'sure').map(({ column }) => column)
  const taken =
    choices.length > 0 ? await prompts.chooseMany('Which fields should it keep in step?', choices, initial) : []
  if (taken.length === 0) return null
  if (!(await prompts.confirm(`Add the sync "${sync}" to the configuration?`, true))) return null
  return [key, ...fields.filter(({ column }) => taken.includes(column))]
}

const askKey = async (prompts: Prompts, columns: readonly Column[]): Promise<Column> => {
  const proposed = columns.find(({ isKey }) => isKey)
  if (proposed?.certainty === 'sure') return proposed
  const choices = columns.map(({ column }) => ({ value: column, label: column }))
  const chosen = await prompts.choose(
    'Which column holds the SKU?',
    choices,
    proposed?.column ?? choices[0]?.value ?? '',
  )
  if (chosen === proposed?.column) return proposed
  return { column: chosen, field: 'sku', isKey: true, certainty: 'sure', why: 'chosen', examples: [] }
}
