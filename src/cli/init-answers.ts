import { existsSync, statSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { hashIn, type InitAnswers, type InitFeed, lookAtFeed, presetOf, presets } from '../app/index.ts'
import { type Catalog, suggestion, UsageError } from '../model/index.ts'
import type { InitArgs } from './init.ts'

/** Where the answers count from. */
export interface InitPlace {
  readonly catalog: Catalog
  /** Folder of the configuration. */
  readonly dir: string
  /** Time zone of this machine. */
  readonly timezone: string
}

/** Answers without a person: from the flags, else the defaults. @throws {UsageError} for what has no default, or is wrong. */
export const answersFromFlags = (args: InitArgs, place: InitPlace): InitAnswers => {
  const token = tokenFrom(args)
  if (args.hash === undefined || !token) {
    throw new UsageError('without questions the store must be named', {
      hint: 'give --hash and --token-env NAME (or --token), or leave --yes out on a terminal',
    })
  }
  return {
    hash: hashIn(args.hash),
    api: args.api ?? null,
    token,
    resources: resourcesFrom(args, place.catalog),
    feed: fileFrom(args, place),
    schedule: scheduleFrom(args, place),
  }
}

const fileFrom = (args: InitArgs, place: InitPlace): InitFeed | null => {
  if (args.from !== undefined) {
    const found = exportFrom(args.from, place)
    return args.media === undefined ? found : { ...found, media: mediaFrom(args.media, found, place) }
  }
  return args.csv === undefined ? null : feedFrom(args.csv, args, place)
}

/** A token on the command line is the token; one in a variable stays there. */
export const tokenFrom = ({ token, tokenEnv }: InitArgs): InitAnswers['token'] | null =>
  tokenEnv === undefined ? (token === undefined ? null : { value: token }) : { reference: `env:${tokenEnv}` }

/** @throws {UsageError} for a resource that nobody knows. */
export const resourcesFrom = ({ resources }: InitArgs, catalog: Catalog): readonly string[] => {
  for (const name of resources ?? []) {
    if (catalog.resources.has(name)) continue
    const near = suggestion(name, [...catalog.resources.keys()])
    throw new UsageError(`there is no resource "${name}"`, { hint: near.trim() || undefined })
  }
  return resources ?? USUAL.filter((name) => catalog.resources.has(name))
}

const USUAL = ['store_information', 'categories', 'brands', 'products', 'variants', 'orders', 'order_lines']

/** @throws {UsageError} when a column is missing or cannot be told. @throws {SourceRefusedError} when there is no such file. */
export const feedFrom = (path: string, { key, price, stock }: InitArgs, { dir }: InitPlace): InitFeed => {
  const file = resolve(dir, path)
  const { columns, delimiter, encoding, endsWithNewline, guess } = lookAtFeed(file)
  const known = (column: string | undefined): string | undefined => {
    if (column === undefined || columns.includes(column)) return column
    const near = suggestion(column, columns)
    throw new UsageError(`${path} has no column "${column}"`, { where: file, hint: near.trim() || undefined })
  }
  const feed = {
    key: known(key) ?? guess.key,
    price: known(price) ?? guess.price,
    stock: known(stock) ?? guess.stock,
  }
  if (feed.key === null || (feed.price === null && feed.stock === null)) {
    throw new UsageError(`no column of ${path} looks like the SKU, or none like a price or stock`, {
      where: file,
      hint: `say which with --key, --price and --stock; there are ${columns.join(', ')}`,
    })
  }
  return { ...feed, key: feed.key, path: pathFrom(dir, file), delimiter, encoding, endsWithNewline }
}

/**
 * The export of a program that there is a preset for.
 * @throws {UsageError} when no program writes such columns. @throws {SourceRefusedError} when there is no such file.
 */
export const exportFrom = (path: string, { dir }: InitPlace): InitFeed => {
  const file = resolve(dir, path)
  const { columns, empty, delimiter, encoding, endsWithNewline } = lookAtFeed(file)
  const preset = presetOf(columns, empty)
  if (!preset) {
    const known = presets().map(({ name }) => name)
    throw new UsageError(`${path} is no export whose columns are known`, {
      where: file,
      hint: `known: ${known.join(', ')}; name the file with --csv instead, or ask \`skiff map\` later`,
    })
  }
  // Which columns these are, the preset says; here they tell only that there are some.
  const columnOf = (field: string): string | null => (field in preset.fields ? field : null)
  const facts = { key: '', price: columnOf('price'), stock: columnOf('inventory_level') }
  return { ...facts, path: pathFrom(dir, file), delimiter, encoding, endsWithNewline, preset }
}

/**
 * What the pictures of an export lie under: the address of the shop with the path that its program has them at, another address as
 * it is, or a folder.
 * @throws {UsageError} when it is neither, or when the export needs none.
 */
export const mediaFrom = (text: string, { preset }: InitFeed, { dir }: InitPlace): string => {
  const { media } = preset?.products ?? {}
  if (media === undefined) {
    throw new UsageError('the export does not ask where its pictures lie', { hint: 'leave --media out' })
  }
  if (/^https?:/i.test(text) && URL.canParse(text)) {
    const { origin, pathname } = new URL(text)
    return pathname === '/' ? `${origin}/${media}` : text
  }
  if (existsSync(resolve(dir, text)) && statSync(resolve(dir, text)).isDirectory())
    return pathFrom(dir, resolve(dir, text))
  throw new UsageError(`${text} is neither an address that begins with https:// nor a folder`, {
    hint: `name the old shop, such as https://OLD-SHOP, or a folder with a copy of its ${media}`,
  })
}

/** As the configuration should have it: relative where the file lies below it. */
export const pathFrom = (dir: string, file: string): string => {
  const path = relative(dir, file)
  return path.startsWith('..') || isAbsolute(path) ? file : path.replaceAll('\\', '/')
}

const scheduleFrom = (
  { cron, timezone, approve }: InitArgs,
  place: InitPlace,
): NonNullable<InitAnswers['schedule']> => ({
  cron: cron ?? EVERY_NIGHT,
  timezone: timezone ?? place.timezone,
  approve: approve ?? 'ask',
})

export const EVERY_NIGHT = '0 2 * * *'
