import type { ArgumentsCamelCase, Argv } from 'yargs'
import type { Exit } from '../model/index.ts'
import type { Common, Face } from './face.ts'

/** A word of the command line: what it takes is known at once, what it does is loaded when it is asked for. */
export interface Verb {
  readonly name: string
  /** Adds the verb to the parser; `chosen` is called when the command line asks for it. */
  register(parser: Parser, chosen: (run: Run) => void): Parser
}

export type Parser = Argv<Common>

export type Run = (face: Face) => Promise<Exit>

/**
 * @param usage The verb and its positional arguments, such as `pull [store..]`.
 * @param builder What it takes; its parameter is annotated, so that the compiler holds `run` to the same arguments.
 */
export const verb = <T>(
  usage: string,
  describe: string,
  builder: (parser: Parser) => Argv<T>,
  load: () => Promise<{ readonly run: (args: ArgumentsCamelCase<NoInfer<T>>, face: Face) => Promise<Exit> }>,
): Verb => ({
  name: usage.split(' ')[0] ?? usage,
  register: (parser, chosen) =>
    parser.command(usage, describe, builder, (args) => chosen(async (face) => (await load()).run(args, face))),
})

/** A flag that is given twice means its last value. */
export const lastOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'object' ? value.at(-1) : value
