import type { Refusal } from '../../model/index.ts'
import type { Screen } from './screen.ts'
import { clean, count } from './text.ts'

/** What the API lets nobody carry over from store to store, and what to do instead. */
export const refusedLines = (refused: readonly Refusal[], { paint }: Screen): readonly string[] =>
  refused.length
    ? [
        paint.bold('What the API lets nobody carry over'),
        ...refused.map(
          ({ resource, rows, what, instead }) =>
            `  ${resource} (${count(rows)}): ${clean(what)}. Instead: ${clean(instead)}.`,
        ),
      ]
    : []
