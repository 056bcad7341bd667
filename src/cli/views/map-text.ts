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

/** Every column with what it most likely is and why, then what became of it. @param whole false leaves the table out. */
export const mapText = (document: MapDocument, screen: Screen, whole: boolean): string => {
  const { source, store, resource, sync, columns, notes, section, written } = document
  const { paint } = screen
  const head = [
    `Source ${source}: ${resource} of store ${store}`,
    ...notes.map((note) => `Note: ${clean(note)}`),
    '',
    table(
      COLUMNS,
      columns.map((column) => cells(column, screen)),
      screen,
    ),
  ]
  const end = written
    ? [paint.green(`Added sync ${sync} to ${clean(written)}`), `Next: skiff plan ${sync}`]
    : section
      ? [
          '',
          `To paste into "syncs", or let --yes write it:`,
          '',
          `${JSON.stringify(sync)}: ${JSON.stringify(section, null, 2)}`,
        ]
      : []
  return [...(whole ? head : []), ...end].join('\n')
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
