import type { MappingProposal, SyncSection } from '../../app/index.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, cut } from './text.ts'

export interface MapDocument extends MappingProposal {
  /** What was written, or may be pasted. */
  readonly section: SyncSection | null
  /** The configuration that it was written into. */
  readonly written: string | null
}

/** Every column with what it most likely is, and why. */
export const proposalText = ({ source, store, resource, columns, notes }: MappingProposal, screen: Screen): string =>
  [
    `Source ${source}: ${resource} of store ${store}`,
    ...notes.map((note) => `Note: ${clean(note)}`),
    '',
    table(
      COLUMNS,
      columns.map((column) => cells(column, screen)),
      screen,
    ),
  ].join('\n')

/** What became of a proposal, or what of it may be pasted. */
export const mapEndText = ({ sync, section, written }: MapDocument, { paint }: Screen): string => {
  if (written !== null) return `${paint.green(`Added sync ${sync} to ${clean(written)}`)}\nNext: skiff plan ${sync}`
  if (section === null) return 'Nothing was added to the configuration.'
  const text = `${JSON.stringify(sync)}: ${JSON.stringify(section, null, 2)}`
  return `To paste into "syncs", or let --yes write it:\n\n${text}`
}

const COLUMNS = [
  { head: 'column', keep: true },
  { head: 'field', keep: true },
  { head: '' },
  { head: 'why', wrap: true },
  { head: 'examples' },
] as const

const cells = (
  { column, field, isKey, certainty, why, format, examples }: MappingProposal['columns'][number],
  { paint }: Screen,
): string[] => [
  clean(cut(column, 40)),
  field === null ? paint.dim('-') : isKey ? `${field} (key)` : field,
  certainty === 'sure' ? paint.green('sure') : certainty === 'guess' ? paint.yellow('guess') : '',
  clean(format ? `${why}; numbers with a decimal comma` : why),
  clean(examples.map((example) => cut(example, 24)).join(' | ')),
]
