import { clean } from './text.ts'

/** A command as a POSIX shell takes it: what the shell would read as more than a word is quoted. */
export const commandLine = (words: readonly string[]): string => clean(words.map(quoted).join(' '))

const quoted = (word: string): string => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

const PLAIN = /^[\w@%+=:,./-]+$/
