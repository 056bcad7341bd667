import { readFileSync } from 'node:fs'
import * as model from '../../src/model/index.ts'
import { code, GENERATED, page, table } from './text.ts'

/** What a person does about an error, by its code. */
const REMEDY: Readonly<Record<string, string>> = {
  usage: 'Read the place that is named: a file with its line, or a flag. `skiff VERB --help` lists what a verb takes.',
  source_refused: 'Look at the file where the message says. Nothing was planned from it; the last good state stands.',
  auth: 'Check the access token, or make a new API account. `skiff check` tries it without doing anything else.',
  scope: 'Make an API account with the scope that the message names. The scopes of an account cannot be changed.',
  not_found: 'Check the key, path or store hash in the message.',
  validation: 'Correct the value at its source. The message repeats what the store complains about, field by field.',
  rate_limited: 'Other apps use up the store’s quota. Run it again later, or at another hour.',
  unavailable: 'Check the network and the state of BigCommerce, then run the same command again; it goes on.',
  ambiguous: 'Run the same push again. It looks at the store first and sends only what is not there.',
  unexpected_answer:
    'Look for a proxy or firewall in between. If there is none, the API changed: nothing was removed meanwhile.',
  mirror: 'Follow the hint: mostly a `skiff pull` that has to come first.',
  stale_plan: 'Make a new plan. The old one is for a config, store or time that is no more.',
  blocked:
    'Look at the rows of the plan. If they are right, let the guard pass once with `--allow`; if they are wrong, correct the source.',
  circuit:
    'Find out why the runs before it failed, then push the plan that the message names, or run the sync at a terminal.',
  approval: 'Show the plan to a person and push it, or say `--yes`.',
  locked: 'Wait for the run that the message names. A lock never outlives its process.',
  interrupted: 'Run the same command again; it goes on from there.',
  unexpected: 'This was not foreseen. Run it again with `--verbose` and report what it says.',
}

const EXIT_MEANING: Readonly<Record<keyof typeof model.EXIT, string>> = {
  done: 'Done, nothing open. Rejected source rows do not change that; they are listed.',
  failed: 'Failed. Nothing is known to be half done: what was carried out is recorded.',
  usage: 'The command line or the configuration is wrong. Nothing was begun.',
  changes: 'The plan holds changes (`plan --exit-code`), or waits for a person’s approval.',
  blocked: 'A guard blocked the plan. Nothing was written.',
  rows: 'Done, with rows that failed, were skipped or held, or with conflicts.',
  refused: 'The source was refused as a whole. Nothing was planned.',
  auth: 'The store did not accept the credentials, or they lack a scope.',
  interrupted: 'Stopped by a signal, at a point from which the same command goes on.',
  locked: 'Another process holds the store.',
}

export const errorsPage = (): string =>
  page(
    GENERATED,
    '# Errors and exit codes',
    'An error says what is wrong, where, and what to do. On a terminal that is up to three lines on stderr; with `--json` it is one ' +
      'document on stdout: `{"error": {"code", "message", "where", "hint"}}`. `--verbose` adds what lies behind it.',
    '## Exit codes',
    table(
      ['exit', 'meaning'],
      Object.entries(model.EXIT).map(([name, exit]) => [
        code(String(exit)),
        EXIT_MEANING[name as keyof typeof model.EXIT],
      ]),
    ),
    `Of several syncs or steps, the process leaves with the first of these that occurred: ${precedence().join(', ')}.`,
    '## Error codes',
    table(
      ['code', 'exit', 'meaning', 'what to do'],
      [
        ...errors().map(({ code: name, exit, about }) => [code(name), code(String(exit)), about, remedyOf(name)]),
        [code('unexpected'), code(String(model.EXIT.failed)), 'A fault of Skiff itself.', remedyOf('unexpected')],
      ],
    ),
  )

export interface ErrorFacts {
  readonly code: string
  readonly exit: number
  readonly about: string
}

/** Every class of failure that the model exports. */
export const errors = (): readonly ErrorFacts[] => {
  const source = readFileSync(new URL('../../src/model/errors.ts', import.meta.url), 'utf8')
  return Object.entries(model)
    .flatMap(([name, value]) => {
      if (typeof value !== 'function' || !(value.prototype instanceof model.SkiffError)) return []
      const { code: errorCode, exit } = new (value as unknown as new (message: string) => model.SkiffError)('')
      return [{ code: errorCode, exit, about: docOf(source, name) }]
    })
    .sort((a, b) => source.indexOf(`'${a.code}'`) - source.indexOf(`'${b.code}'`))
}

const docOf = (source: string, name: string): string => {
  const [, doc] = new RegExp(`/\\*\\* ([^\\n]+) \\*/\\nexport class ${name} `).exec(source) ?? []
  if (!doc) throw new Error(`src/model/errors.ts does not say what ${name} means in one line`)
  return doc
}

const remedyOf = (name: string): string => {
  const remedy = REMEDY[name]
  if (!remedy) throw new Error(`tools/docs/errors.ts does not say what to do about ${name}`)
  return remedy
}

/** The order in which `worstExit` decides, found by asking it. */
const precedence = (): readonly number[] =>
  Object.values(model.EXIT)
    .filter((exit) => exit !== model.EXIT.done)
    .sort((a, b) => (model.worstExit([a, b]) === a ? -1 : 1))
