import { EXIT, type Exit, SkiffError } from '../model/index.ts'

/** What one look found. `note` is what cannot be tried without doing it. */
export interface Finding {
  /** What was looked at, such as `store main`. */
  readonly of: string
  readonly what: string
  readonly verdict: 'ok' | 'note' | 'warn' | 'bad'
  readonly detail: string
  /** What to do about it. */
  readonly hint: string | null
  /** What a run that needs it would leave with; 0 unless `bad`. */
  readonly exit: Exit
}

type Look = Pick<Finding, 'of' | 'what'>

export const ok = (look: Look, detail: string): Finding => ({
  ...look,
  verdict: 'ok',
  detail,
  hint: null,
  exit: EXIT.done,
})

export const note = (look: Look, detail: string): Finding => ({ ...ok(look, detail), verdict: 'note' })

export const warn = (look: Look, detail: string, hint: string | null = null): Finding => ({
  ...ok(look, detail),
  verdict: 'warn',
  hint,
})

export const bad = (look: Look, detail: string, hint: string | null, exit: Exit): Finding => ({
  ...look,
  verdict: 'bad',
  detail,
  hint,
  exit,
})

/** The failure of a look. Only what Skiff knows is a finding; anything else is thrown on. */
export const badBecause = (look: Look, error: unknown): Finding => {
  if (!(error instanceof SkiffError)) throw error
  const where = error.where === undefined ? '' : ` (${error.where})`
  return bad(look, `${error.message}${where}`, error.hint ?? null, error.exit)
}
