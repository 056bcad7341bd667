import type { InitFiles, NeededScope, StoreFacts } from '../../app/index.ts'
import type { Screen } from './screen.ts'
import { clean } from './text.ts'

export interface InitEnd {
  readonly files: InitFiles
  /** Null when the connection was not tried. */
  readonly store: StoreFacts | null
  readonly scopes: readonly NeededScope[]
  readonly cron: string | null
  readonly systemd: string | null
}

/** What was written and what to do next. @param makes The configuration has a sync that makes products. */
export const initText = (
  { files, store, scopes, cron, systemd }: InitEnd,
  { paint }: Screen,
  makes: boolean,
): string => {
  const title = (text: string) => paint.bold(text)
  return [
    `Wrote ${files.config}${files.env === null ? '' : ` and ${files.env}`}.`,
    files.env === null
      ? 'The token stays where it is: its variable must be set wherever skiff runs, or stand in .env beside the configuration.'
      : 'The token is in .env, which only you can read; keep it out of version control.',
    store ? paint.green(`Connected: ${storeLine(store)}`) : '',
    ...(store ? [] : [title('API account'), ...scopeLines(scopes), '']),
    title('Next'),
    `  skiff check   looks at everything before the first run`,
    `  skiff pull    brings the store's data here`,
    ...(makes
      ? [
          `  skiff sync    makes what the store lacks, then prices and stock; each plan waits for your push, or give --yes`,
        ]
      : [`  skiff plan    shows what would change; nothing is written without a push`]),
    ...(cron === null || systemd === null
      ? []
      : [
          '',
          title('To run by itself, either a line for crontab'),
          `  ${cron}`,
          '',
          title('or a systemd unit'),
          indented(systemd),
        ]),
  ].join('\n')
}

/** How to make the API account (docs/bigcommerce.md, Scopes). */
export const scopeLines = (scopes: readonly NeededScope[]): string[] => [
  'In the control panel: Settings, API, Store-level API accounts, Create API account.',
  'Give it these scopes and no others; they cannot be changed afterwards:',
  ...scopes.map(
    ({ scope, modify, resources }) => `  ${scope} (${modify ? 'modify' : 'read-only'}: ${resources.join(', ')})`,
  ),
]

export const storeLine = ({ name, domain, currency }: StoreFacts): string =>
  clean(`${name ? `${name}, ` : ''}${domain}, prices in ${currency}`)

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line ? `  ${line}` : ''))
    .join('\n')
