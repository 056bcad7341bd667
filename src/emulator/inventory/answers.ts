import { problem } from '../answers.ts'
import type { Answer } from '../types.ts'

/** The inventory and its locations refuse with `application/problem+json`. */
export const inventoryProblem = (
  status: number,
  title: string,
  errors: Readonly<Record<string, string>> = {},
): Answer => ({
  ...problem(status, title, errors),
  headers: { 'Content-Type': 'application/problem+json' },
})
