import yargs, { type Argv } from 'yargs'
import { EXIT, type Exit, UsageError } from '../model/index.ts'
import { VERSION } from '../version.ts'
import { coloured } from './coloured.ts'
import type { Common } from './face.ts'
import { faultDocument, faultOf, faultText } from './fault.ts'
import type { Io } from './io.ts'
import { lastOf, type Run, type Verb } from './verb.ts'
import { screenOf } from './views/screen.ts'
import { plainJson } from './views/text.ts'

/** One command line from its arguments to its exit code. Never throws. */
export const run = async (argv: readonly string[], io: Io, verbs: readonly Verb[]): Promise<Exit> => {
  // Until the arguments are understood, these are taken by their looks, so that a fault in them is told in the right form.
  let common: Common = { ...DEFAULTS, json: argv.includes('--json'), color: !argv.includes('--no-color') }
  try {
    const parsed = await parse(argv, verbs, io)
    if (parsed.kind === 'answer') {
      io[parsed.exit === EXIT.done ? 'stdout' : 'stderr'].write(`${parsed.text}\n`)
      return parsed.exit
    }
    common = parsed.common
    // Everything behind the command line is loaded only now, so that help and faulty arguments are answered at once.
    const { openFace } = await import('./face.ts')
    const face = openFace(io, common)
    try {
      return await parsed.run(face)
    } finally {
      face.close()
    }
  } catch (error) {
    const fault = faultOf(error)
    const { paint } = screenOf(0, coloured(io, common, io.stderr))
    if (common.json) io.stdout.write(`${plainJson(faultDocument(fault))}\n`)
    else io.stderr.write(`${faultText(fault, common.verbose, paint)}\n`)
    return fault.exit
  }
}

/** The configuration where none is named. */
export const USUAL_CONFIG = 'sync.config.json'

const DEFAULTS: Common = {
  config: USUAL_CONFIG,
  json: false,
  quiet: false,
  verbose: false,
  color: true,
  store: undefined,
  wait: undefined,
}

type Parsed =
  | { readonly kind: 'run'; readonly run: Run; readonly common: Common }
  /** Help or the version. */
  | { readonly kind: 'answer'; readonly text: string; readonly exit: Exit }

const parse = async (argv: readonly string[], verbs: readonly Verb[], io: Io): Promise<Parsed> => {
  let chosen: Run | undefined
  let output = ''
  let parser = commonFlags(yargs([...argv]).scriptName('skiff')) as Argv<Common>
  for (const one of verbs) {
    parser = one.register(parser, (picked) => {
      chosen = picked
    })
  }
  const args = await parser
    .usage('$0 <verb>\n\nKeeps BigCommerce stores and the places where a catalog really lives in step.')
    .epilog(
      'Exit codes: 0 done, 1 failed, 2 usage, 3 waits or changes, 4 blocked, 5 rows open, 6 source refused, 7 auth, 8 interrupted, 9 locked.',
    )
    .version(VERSION)
    .wrap(Math.min(io.stdout.columns ?? 100, 120))
    .parseAsync([...argv], {}, (_error: unknown, _args: unknown, text: string) => {
      output = text
    })
  if (chosen) return { kind: 'run', run: chosen, common: args }
  if (output) return { kind: 'answer', text: output, exit: EXIT.done }
  return { kind: 'answer', text: await parser.getHelp(), exit: EXIT.usage }
}

const commonFlags = (parser: Argv) =>
  parser
    .locale('en')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error
      throw new UsageError(message, { hint: 'skiff --help lists the verbs, skiff VERB --help what one takes.' })
    })
    .option('config', {
      type: 'string',
      default: DEFAULTS.config,
      describe: 'Configuration file',
      requiresArg: true,
      coerce: lastOf,
    })
    .option('json', { type: 'boolean', default: false, describe: 'One JSON document on stdout, nothing else' })
    .option('quiet', { type: 'boolean', default: false, describe: 'Only warnings and errors' })
    .option('verbose', { type: 'boolean', default: false, describe: 'Every step, and what lies behind an error' })
    .option('color', { type: 'boolean', default: true, describe: 'Colours on a terminal; --no-color for none' })
    .option('store', { type: 'string', describe: 'Which of several stores', requiresArg: true, coerce: lastOf })
    .option('wait', {
      type: 'string',
      describe: 'Minutes to wait for a store that another process holds; 10 when none are given',
      coerce: waitOf,
    })

/** Minutes as they were typed, in ms; the bare flag is ten of them. @throws {UsageError} for anything else. */
const waitOf = (given: string | readonly string[]): number => {
  const minutes = lastOf(given) || '10'
  if (/^\d+(\.\d+)?$/.test(minutes)) return Number(minutes) * 60_000
  throw new UsageError(`--wait takes minutes, not ${JSON.stringify(minutes)}`, {
    hint: 'Put it behind the other words, or write it as --wait=10.',
  })
}
