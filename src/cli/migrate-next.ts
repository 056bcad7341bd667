import type { MigrateArgs } from './migrate.ts'
import { USUAL_CONFIG } from './run.ts'
import { commandLine } from './views/command-line.ts'

/** What to type next about a migration, as a shell takes it. */
export interface Next {
  /** It says what becomes of rows that the new store has already. */
  readonly decides: boolean
  /** The migration once more, with all that narrows and shapes it, and these words. */
  again(...words: readonly string[]): string
  /** Another command over the same configuration. */
  command(...words: readonly string[]): string
}

/** @param config The configuration's file as it was named. */
export const nextOf = (args: MigrateArgs, config: string): Next => {
  const { from, to, only, since, map, transform, existing, conflicts } = args
  const shape = [
    ...given('only', only?.join(',')),
    ...given('since', since),
    ...given('map', map),
    ...given('transform', transform),
    ...given('existing', existing),
    ...given('conflicts', conflicts),
  ]
  const over = given('config', config === USUAL_CONFIG ? undefined : config)
  return {
    decides: existing !== undefined,
    again: (...words) => commandLine(['skiff', 'migrate', from, to, ...shape, ...over, ...words]),
    command: (...words) => commandLine(['skiff', ...words, ...over]),
  }
}

const given = (name: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [`--${name}`, value]
