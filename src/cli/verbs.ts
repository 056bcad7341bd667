import type { Verb } from './verb.ts'

/** Every word of the command line, in the order of the help. */
export const verbs: readonly Verb[] = []
