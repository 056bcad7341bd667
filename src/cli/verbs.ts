import type { Argv } from 'yargs'
import { UsageError } from '../model/index.ts'
import { lastOf, type Parser, type Verb, verb } from './verb.ts'

/** Every word of the command line, in the order of the help. */
export const verbs: readonly Verb[] = [
  verb(
    'init',
    'Asks, tries the connection, and writes sync.config.json and .env',
    (parser: Parser) =>
      parser
        .option('yes', { ...off, describe: 'Ask nothing: flags and defaults' })
        .option('force', { ...off, describe: 'Replace a configuration that is there' })
        .option('hash', { ...word, describe: 'Store hash, or the API path that BigCommerce shows' })
        .option('token-env', { ...word, describe: 'Variable that holds the access token; it stays there' })
        .option('token', {
          ...word,
          describe: 'Access token for .env; other users may see it here, so better --token-env',
        })
        .option('api', { ...word, describe: 'Address of an emulator on this machine' })
        .option('resources', { ...list('resources'), describe: 'What the mirror holds, separated by commas' })
        .option('csv', { ...word, describe: 'CSV file with prices or stock' })
        .option('from', { ...word, describe: 'Product export of a shop program, whose columns are known' })
        .option('media', {
          ...word,
          describe: 'Where the pictures of that export lie: the old shop’s address, or a folder',
        })
        .option('key', { ...word, describe: 'Its column with the SKU' })
        .option('price', { ...word, describe: 'Its column with the price' })
        .option('stock', { ...word, describe: 'Its column with the stock' })
        .option('cron', { ...word, describe: 'When the job runs; "0 2 * * *" when absent' })
        .option('timezone', { ...word, describe: 'Of the job; this machine’s when absent' })
        .option('approve', { choices: ['ask', 'auto'] as const, describe: 'Whether the job pushes by itself' }),
    () => import('./init.ts'),
  ),
  verb(
    'check',
    'Looks at config, stores, scopes, sources and locks, and says what to do about each fault',
    (parser: Parser) => parser.option('notify', { ...off, describe: 'Send a test notice to everyone under "notify"' }),
    () => import('./check.ts'),
  ),
  verb(
    'pull [stores..]',
    'Brings the mirror of a store, or of all, up to date',
    (parser: Parser) =>
      parser
        .positional('stores', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Stores; all when none',
        })
        .option('only', { ...list('only'), describe: 'Only these resources, separated by commas' })
        .option('full', { ...off, describe: 'Read everything again instead of what changed' })
        .option('verify', { ...off, describe: 'Compare row counts with the store afterwards' }),
    () => import('./pull.ts'),
  ),
  verb(
    'plan [syncs..]',
    'Compares, and stores and prints what would change',
    (parser: Parser) =>
      details(allow(syncs(parser)))
        .option('only', { ...list('only'), describe: 'Only these keys, separated by commas' })
        .option('full', { ...off, describe: 'Read all rows of a source that has a watermark' })
        .option('stale-ok', { ...off, describe: 'Use a mirror that is older than 24 h' })
        .option('format', { choices: ['text', 'json', 'csv', 'html'] as const, describe: 'What to print or write' })
        .option('out', { type: 'string', requiresArg: true, coerce: lastOf, describe: 'Write the plan to a file' })
        .option('exit-code', { ...off, describe: 'Leave with 3 when the plan holds changes' }),
    () => import('./plan.ts'),
  ),
  verb(
    'show <plan>',
    'Prints a stored plan',
    (parser: Parser) =>
      details(plan(parser)).option('format', {
        choices: ['text', 'json', 'csv', 'html'] as const,
        default: 'text' as const,
        describe: 'What to print',
      }),
    () => import('./show.ts'),
  ),
  verb(
    'plans',
    'Lists the stored plans',
    (parser: Parser) => parser,
    () => import('./plans.ts'),
  ),
  verb(
    'push <plan>',
    'Approves a plan and carries out exactly that',
    (parser: Parser) =>
      yes(details(allow(plan(parser)))).option('only', {
        ...list('only'),
        describe: 'Only these keys, separated by commas',
      }),
    () => import('./push.ts'),
  ),
  verb(
    'rehearse <plan>',
    'Predicts a push on an emulated store with the mirror’s rows, and touches nothing',
    (parser: Parser) => details(plan(parser)),
    () => import('./rehearse.ts'),
  ),
  verb(
    'conflicts [sync]',
    'Lists the fields that both sides changed, and what was decided about them',
    (parser: Parser) => parser.positional('sync', { type: 'string', describe: 'Of this sync only' }),
    () => import('./conflicts.ts'),
  ),
  verb(
    'resolve <ids..>',
    'Decides conflicts and makes the plan that carries that out',
    (parser: Parser) =>
      details(allow(parser))
        .positional('ids', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Such as c3; several of one sync',
        })
        .option('take', {
          ...word,
          demandOption: true,
          coerce: (given: string | readonly string[]) => lastOf(given) ?? '',
          describe: 'Who is right: store, source, or another value',
        }),
    () => import('./resolve.ts'),
  ),
  verb(
    'undo <run>',
    'Makes the plan that restores what a run overwrote',
    (parser: Parser) =>
      details(allow(parser)).positional('run', { type: 'string', demandOption: true, describe: 'Such as r12' }),
    () => import('./undo.ts'),
  ),
  verb(
    'sync [syncs..]',
    'Pull, plan, guards and push in one run: what cron calls',
    (parser: Parser) =>
      yes(details(allow(syncs(parser))))
        .option('full', { ...off, describe: 'Read all rows of a source that has a watermark' })
        .option('dry-run', { ...off, describe: 'Stop before the push' }),
    () => import('./sync.ts'),
  ),
  verb(
    'verify [syncs..]',
    'Compares store, mirror, base and source, and changes nothing; --store alone compares store and mirror',
    (parser: Parser) =>
      details(syncs(parser))
        .option('sample', { ...word, describe: 'Share of the rows, such as 5%; another one each day' })
        .option('seed', { ...seed, describe: 'The sample of an earlier run again' }),
    () => import('./verify.ts'),
  ),
  verb(
    'explain <key>',
    'Why a key did or did not change',
    (parser: Parser) =>
      parser
        .positional('key', { type: 'string', demandOption: true, describe: 'Such as a SKU' })
        .option('sync', { type: 'string', requiresArg: true, coerce: lastOf, describe: 'In this sync only' }),
    () => import('./explain.ts'),
  ),
  verb(
    'map <source>',
    'Proposes which column is which field, and adds the sync to the configuration',
    (parser: Parser) =>
      parser
        .positional('source', { type: 'string', demandOption: true, describe: 'Its name in the configuration' })
        .option('resource', { ...word, describe: 'What its rows are: skus when absent, or products' })
        .option('yes', { ...off, describe: 'Ask nothing, and take what is sure' }),
    () => import('./map.ts'),
  ),
  verb(
    'doctor <source>',
    'Finds what is wrong in a source, and what it should say',
    (parser: Parser) =>
      details(parser)
        .positional('source', { type: 'string', demandOption: true, describe: 'Its name in the configuration' })
        .option('fix', { ...word, describe: 'Write a copy with every repair made into this new file' }),
    () => import('./doctor.ts'),
  ),
  verb(
    'status',
    'What is fresh, what waits and what is wrong',
    (parser: Parser) => parser,
    () => import('./status.ts'),
  ),
  verb(
    'runs [run]',
    'The history, or one run with its rows',
    (parser: Parser) => parser.positional('run', { type: 'string', describe: 'Such as r12' }),
    () => import('./runs.ts'),
  ),
  verb(
    'backup [stores..]',
    'Makes a verified copy of the mirror of a store, or of all',
    (parser: Parser) =>
      parser
        .positional('stores', {
          type: 'string',
          array: true,
          default: [] as string[],
          describe: 'Stores; all when none',
        })
        .option('to', { ...word, describe: 'A new file, or a folder; .skiff/backups when absent, where old ones go' }),
    () => import('./backup.ts'),
  ),
  verb(
    'restore <file>',
    'Puts a copy in the place of a mirror, which stays beside it',
    (parser: Parser) =>
      yes(parser.positional('file', { type: 'string', demandOption: true, describe: 'A copy that backup made' })),
    () => import('./restore.ts'),
  ),
  verb(
    'migrate <from> <to>',
    'Copies one store into another, again and again until the cut-over',
    (parser: Parser) =>
      allow(details(parser))
        .positional('from', { type: 'string', demandOption: true, describe: 'The old store' })
        .positional('to', { type: 'string', demandOption: true, describe: 'The new store' })
        .option('plan', { ...off, describe: 'Only show what would be done' })
        .option('yes', { ...off, describe: 'Approve it without a question' })
        .option('only', { ...list('only'), describe: 'Only these resources, separated by commas' })
        .option('since', { ...word, describe: 'Only rows that changed since this time' })
        .option('map', {
          ...word,
          describe: 'JSON file: what rows are called in the new store, by resource; none to go on without it',
        })
        .option('transform', {
          ...word,
          describe: 'JSON file: rules for fields, by resource; none to go on without it',
        })
        .option('existing', {
          choices: ['adopt', 'overwrite', 'refuse'] as const,
          describe: 'Rows that the new store has already: keep what they say, replace it, or leave them alone',
        })
        .option('conflicts', {
          choices: ['ask', 'source', 'store'] as const,
          describe:
            'Who wins where both stores changed a field since: nobody yet (when absent), the old one, the new one',
        })
        .option('verify', { ...off, describe: 'Compare both stores, row by row and field by field' })
        .option('out', { ...word, describe: 'With --verify: write the comparison to a file, .html or .json' })
        .option('seed', { ...seed, describe: 'With --verify: the pictures of an earlier comparison again' })
        .option('freeze', { ...off, describe: 'List what changed in the old store since the last copy' })
        .option('undo', {
          ...off,
          describe: 'Delete what the copy made and nobody touched since; shown and asked first',
        })
        .option('confirm', { ...word, describe: 'With --undo: name of the new store, in place of the question' }),
    () => import('./migrate.ts'),
  ),
  verb(
    'query <sql>',
    'Read-only SQL over the mirror',
    (parser: Parser) =>
      parser
        .positional('sql', { type: 'string', demandOption: true, describe: 'One reading statement' })
        .option('format', {
          choices: ['table', 'csv', 'json', 'jsonl'] as const,
          default: 'table' as const,
          describe: 'How to print the rows',
        }),
    () => import('./query.ts'),
  ),
  verb(
    'report [name]',
    'A ready report over the mirror, with a chart; lists them without a name',
    (parser: Parser) =>
      parser
        .positional('name', { type: 'string', describe: 'Such as best-sellers' })
        .option('days', { type: 'number', requiresArg: true, describe: 'Length of its period, up to now' })
        .option('format', {
          choices: ['table', 'csv', 'json', 'jsonl'] as const,
          default: 'table' as const,
          describe: 'How to print the rows',
        }),
    () => import('./report.ts'),
  ),
  verb(
    'export <what>',
    'Writes rows of the mirror into a file: CSV, Excel, JSON lines, Parquet',
    (parser: Parser) =>
      parser
        .positional('what', {
          type: 'string',
          demandOption: true,
          describe: 'A resource such as skus, a ready report, or one reading SQL statement',
        })
        .option('to', {
          type: 'string',
          demandOption: true,
          requiresArg: true,
          coerce: (value: string | string[]) => lastOf(value) ?? '',
          describe: 'File to write; its end tells the format',
        })
        .option('format', {
          choices: ['csv', 'tsv', 'xlsx', 'jsonl', 'parquet'] as const,
          describe: 'Instead of the one that the name tells',
        })
        .option('days', { type: 'number', requiresArg: true, describe: 'Length of a report’s period, up to now' }),
    () => import('./export.ts'),
  ),
  verb(
    'run <job>',
    'Carries out the steps of a job now',
    (parser: Parser) => parser.positional('job', { type: 'string', demandOption: true, describe: 'Such as nightly' }),
    () => import('./run-job.ts'),
  ),
  verb(
    'serve',
    'Runs the jobs at their times until it is stopped',
    (parser: Parser) => parser,
    () => import('./serve.ts'),
  ),
  verb(
    'emulator',
    'Serves an emulated store on this machine; --store names its hash',
    (parser: Parser) =>
      parser
        .option('port', { type: 'number', default: 0, describe: 'Port; 0 is a free one' })
        .option('seed', { type: 'number', default: 1, describe: 'Same seed, same data' })
        .option('products', { type: 'number', default: 1000, describe: 'Products to begin with' })
        .option('orders', { type: 'number', describe: 'Orders to begin with; half as many as products when absent' })
        .option('customers', {
          type: 'number',
          describe: 'Customers to begin with; when absent 12, or none in a store without products',
        })
        .option('plan', {
          choices: ['standard', 'pro', 'unlimited'] as const,
          default: 'standard' as const,
          describe: 'Whose request quota it has',
        })
        .option('odd-skus', { ...off, describe: 'Adds SKUs with commas, quotes, Unicode and leading zeros' })
        .option('faults', { type: 'string', requiresArg: true, coerce: lastOf, describe: 'File of faults to play' }),
    () => import('./emulator.ts'),
  ),
  verb(
    'demo',
    'The main job end to end against an emulated store; leaves files to look at',
    (parser: Parser) =>
      parser.option('dir', {
        type: 'string',
        requiresArg: true,
        default: 'skiff-demo',
        describe: 'Folder for its files; a new one, or that of an earlier demo',
      }),
    () => import('./demo.ts'),
  ),
]

const word = { type: 'string', requiresArg: true, coerce: lastOf } as const

const seed = {
  type: 'number',
  requiresArg: true,
  coerce: (given: number | readonly number[] | undefined): number | undefined => {
    const last = [given].flat().at(-1)
    if (Number.isNaN(last)) throw new UsageError('--seed takes a number', { hint: 'give the one that a report told' })
    return last
  },
} as const

const off = { type: 'boolean', default: false } as const

/** A list by commas or by repeating the flag. */
const list = (name: string) =>
  ({
    type: 'string',
    requiresArg: true,
    coerce: (given: string | readonly string[] | undefined): string[] | undefined => {
      if (given === undefined) return undefined
      const named = [given].flat().flatMap((text) => text.split(',').filter(Boolean))
      if (named.length) return named
      throw new UsageError(`--${name} names nothing`, { hint: 'name some, separated by commas, or leave it out' })
    },
  }) as const

const syncs = <T>(parser: Argv<T>) =>
  parser.positional('syncs', { type: 'string', array: true, default: [] as string[], describe: 'Syncs; all when none' })

const plan = <T>(parser: Argv<T>) =>
  parser.positional('plan', { type: 'string', demandOption: true, describe: 'Such as p7' })

const allow = <T>(parser: Argv<T>) =>
  parser.option('allow', {
    type: 'string',
    array: true,
    nargs: 1,
    default: [] as string[],
    describe: 'NAME[=VALUE]: let a guard pass, or move its limit, in this run',
  })

const details = <T>(parser: Argv<T>) =>
  parser.option('details', { ...off, describe: 'Every row instead of the first few' })

const yes = <T>(parser: Argv<T>) => parser.option('yes', { ...off, describe: 'Approve without being asked' })
