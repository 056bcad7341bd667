import Table from 'cli-table3'
import type { Screen } from './screen.ts'

export interface Column {
  readonly head: string
  readonly align?: 'left' | 'right'
  /** Never narrower than its content, as long as the screen has room for it. */
  readonly keep?: true
  /** Goes on in the next line where it is too long, instead of being cut. */
  readonly wrap?: true
}

/** Rows in columns without a frame, never wider than the screen: the widest columns are cut first. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[], screen: Screen): string => {
  const natural = columns.map(({ head }, index) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), Math.max(1, widthOf(head))),
  )
  const drawn = new Table({
    chars: FRAMELESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    head: columns.map(({ head }) => screen.paint.dim(head)),
    colWidths: narrow(natural, columns, screen.width - GAP * (columns.length - 1)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
  })
  for (const row of rows)
    drawn.push(row.map((content, index) => ({ content, wordWrap: columns[index]?.wrap === true })))
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const GAP = 2

const FRAMELESS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: ' '.repeat(GAP),
}

// Columns that must be kept give way only when nothing else is left to cut.
const narrow = (natural: readonly number[], columns: readonly Column[], room: number): number[] => {
  const widths = [...natural]
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const loose = widths.map((width, index) => (columns[index]?.keep || width <= NARROW ? 0 : width))
    const from = Math.max(...loose) > 0 ? loose : widths
    const widest = from.indexOf(Math.max(...from))
    widths[widest] = Math.max(1, (widths[widest] ?? 1) - 1)
  }
  return widths
}

const NARROW = 8

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

// Cells of a terminal: colours take none, wide East Asian characters and emoji take two.
const widthOf = (text: string): number => {
  let width = 0
  for (const character of text.replace(COLOUR, '')) width += WIDE.test(character) ? 2 : 1
  return width
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOUR = /\u001b\[[\d;]*m/g
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u
