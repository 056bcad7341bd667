/** A way to take one safety mechanism out of the program, and what notices that it is gone. */
export interface Mutant {
  /** What `--mutant` is given. */
  readonly name: string
  /** The mechanism that is missing then, as a sentence without a subject. */
  readonly removes: string
  readonly file: string
  /** Text that stands in the file exactly once, and what is put in its place. */
  readonly find: string
  readonly put: string
  /** Looked at first: the simulation, the planner, or a test file that catches it. */
  readonly caught: Catch
}

export type Catch =
  /** The first seed that is known to catch it stands in `seeds.json`; without one, all are tried from the first. */
  | { readonly by: 'seed' }
  | { readonly by: 'planner' }
  | { readonly by: 'test'; readonly file: string; readonly title?: string }

/** The text with the mutation. @throws {Error} when the place is not there exactly once: the list has to follow the code. */
export const mutate = ({ name, file, find, put }: Mutant, text: string): string => {
  const parts = text.split(find)
  if (parts.length === 2) return parts.join(put)
  throw new Error(`mutant ${name}: its text stands ${parts.length - 1} times in ${file}, not once`)
}
