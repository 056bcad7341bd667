import { resolve } from 'node:path'
import { hashIn, type InitAnswers, type InitFeed, lookAtFeed, type NeededScope, neededScopes } from '../app/index.ts'
import { AuthError, SkiffError } from '../model/index.ts'
import type { InitArgs } from './init.ts'
import {
  EVERY_NIGHT,
  exportFrom,
  type InitPlace,
  mediaFrom,
  pathFrom,
  resourcesFrom,
  tokenFrom,
} from './init-answers.ts'
import type { Prompts } from './prompts.ts'
import { scopeLines } from './views/init-text.ts'

/** The same answers from a person; flags are proposals. @param accepts Whether the store takes a token; throws when not. */
export const askAnswers = async (
  prompts: Prompts,
  args: InitArgs,
  place: InitPlace,
  accepts: (store: Pick<InitAnswers, 'hash' | 'api'>, token: string) => Promise<string>,
): Promise<InitAnswers> => {
  const pasted = await prompts.text('Store hash, or the API path that BigCommerce shows', {
    initial: args.hash,
    refuse: (answer) => reasonOf(() => hashIn(answer)),
  })
  const store = { hash: hashIn(pasted), api: args.api ?? null }
  const resources = await askResources(prompts, args, place)
  const feed =
    args.from === undefined ? await askFeed(prompts, args, place) : await askExport(prompts, args.from, args, place)
  const token =
    tokenFrom(args) ?? (await askToken(prompts, store, neededScopes(place.catalog, { resources, feed }), accepts))
  return { ...store, token, resources, feed, schedule: await askSchedule(prompts, args, place) }
}

const askResources = async (prompts: Prompts, args: InitArgs, { catalog }: InitPlace): Promise<readonly string[]> => {
  const choices = [...catalog.resources.values()].map(({ name, about }) => ({ value: name, label: name, hint: about }))
  return prompts.chooseMany('What should the local copy hold?', choices, resourcesFrom(args, catalog))
}

const askFeed = async (prompts: Prompts, args: InitArgs, { dir }: InitPlace): Promise<InitFeed | null> => {
  const path = await prompts.text('CSV file with your prices or stock (empty for none)', {
    initial: args.csv,
    refuse: (answer) => (answer ? reasonOf(() => lookAtFeed(resolve(dir, answer))) : undefined),
  })
  if (!path) return null
  const file = resolve(dir, path)
  const { columns, guess, delimiter, encoding, endsWithNewline } = lookAtFeed(file)
  const choices = columns.map((column) => ({ value: column, label: column }))
  const orNone = [...choices, { value: NONE, label: '(none)' }]
  const key = await prompts.choose('Which column holds the SKU?', choices, args.key ?? guess.key ?? columns[0] ?? '')
  const price = await prompts.choose('Which column holds the price?', orNone, args.price ?? guess.price ?? NONE)
  const stock = await prompts.choose('Which column holds the stock?', orNone, args.stock ?? guess.stock ?? NONE)
  if (price === NONE && stock === NONE) return null
  const chosen = { key, price: price === NONE ? null : price, stock: stock === NONE ? null : stock }
  return { ...chosen, path: pathFrom(dir, file), delimiter, encoding, endsWithNewline }
}

/** The export itself tells everything but where its pictures lie, in some programs. */
const askExport = async (prompts: Prompts, from: string, args: InitArgs, place: InitPlace): Promise<InitFeed> => {
  const found = exportFrom(from, place)
  if (found.preset?.products?.media === undefined) return found
  const answer = await prompts.text(
    'The file names pictures by their paths alone. Address of the old shop, or folder with a copy of them (empty for none)',
    {
      initial: args.media,
      refuse: (text) => (text ? reasonOf(() => mediaFrom(text, found, place)) : undefined),
    },
  )
  return answer ? { ...found, media: mediaFrom(answer, found, place) } : found
}

/** No column can be called that: names lose their blanks. */
const NONE = ' '

const askToken = async (
  prompts: Prompts,
  store: Pick<InitAnswers, 'hash' | 'api'>,
  scopes: readonly NeededScope[],
  accepts: (store: Pick<InitAnswers, 'hash' | 'api'>, token: string) => Promise<string>,
): Promise<InitAnswers['token']> => {
  prompts.tell('An API account for Skiff', scopeLines(scopes).join('\n'))
  for (;;) {
    const value = (await prompts.secret('Access token (it does not show)')).trim()
    try {
      prompts.tell('The store answers', await accepts(store, value))
      return { value }
    } catch (error) {
      if (!(error instanceof SkiffError)) throw error
      prompts.tell('The store does not take it', [error.message, error.hint ?? ''].filter(Boolean).join('\n'))
      // A store that is not to be reached says nothing of the token.
      if (!(error instanceof AuthError) && (await prompts.confirm('Go on without having tried it?', false)))
        return { value }
    }
  }
}

const askSchedule = async (
  prompts: Prompts,
  { cron, timezone, approve }: InitArgs,
  place: InitPlace,
): Promise<InitAnswers['schedule']> => {
  const schedule = await prompts.choose(
    'When should it run by itself?',
    [
      ...(cron === undefined ? [] : [{ value: cron, label: cron }]),
      { value: EVERY_NIGHT, label: 'every night at two' },
      { value: '*/15 * * * *', label: 'every 15 minutes' },
      { value: '0 * * * *', label: 'every hour' },
      { value: NONE, label: 'only when asked for' },
    ],
    cron ?? EVERY_NIGHT,
  )
  if (schedule === NONE) return null
  const alone = await prompts.confirm('May it push without asking, within the guards?', approve === 'auto')
  return { cron: schedule, timezone: timezone ?? place.timezone, approve: alone ? 'auto' : 'ask' }
}

const reasonOf = (attempt: () => unknown): string | undefined => {
  try {
    attempt()
    return undefined
  } catch (error) {
    if (error instanceof SkiffError) return [error.message, error.hint ?? ''].filter(Boolean).join('; ')
    throw error
  }
}
