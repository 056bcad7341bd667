import type { Screen } from './screen.ts'
import { clean, count, cut } from './text.ts'

export interface Bar {
  readonly label: string
  readonly value: number
}

/** Horizontal bars, the longest as wide as the screen allows; negative values have none. */
export const barChart = (bars: readonly Bar[], { width, paint }: Screen): string => {
  const longestLabel = Math.min(
    Math.max(...bars.map(({ label }) => [...clean(label)].length), 0),
    Math.floor(width / 3),
  )
  const longestFigure = Math.max(...bars.map(({ value }) => count(value).length), 0)
  const room = Math.max(width - longestLabel - longestFigure - 4, 1)
  const most = Math.max(...bars.map(({ value }) => value), 0)
  return bars
    .map(({ label, value }) => {
      const name = cut(clean(label), longestLabel).padEnd(longestLabel)
      return `${name}  ${paint.cyan(bar(most > 0 ? (value / most) * room : 0))}  ${count(value)}`
    })
    .join('\n')
}

// Eighths of a character, so that small differences show.
const bar = (length: number): string => {
  const eighths = Math.max(Math.round(length * 8), 0)
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
