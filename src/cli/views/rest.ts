import type { Screen } from './screen.ts'
import { count } from './text.ts'

/** How many more there are than are shown, and where they stand; empty for none. */
export const restText = (rest: number, { paint }: Pick<Screen, 'paint'>, where = '--details shows all'): string =>
  rest > 0 ? paint.dim(`and ${count(rest)} more; ${where}`) : ''
