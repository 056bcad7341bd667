import type { FeedFacts } from './init-feed.ts'
import type { FoundPreset, PresetProducts } from './presets.ts'

/** What a first configuration is made of. */
export interface InitAnswers {
  readonly hash: string
  /** Origin of an emulator on this machine; null for BigCommerce. */
  readonly api: string | null
  /** The token itself goes into `.env`; a reference, such as `env:NAME`, stands for one that lies elsewhere. */
  readonly token: { readonly value: string } | { readonly reference: string }
  readonly resources: readonly string[]
  readonly feed: InitFeed | null
  readonly schedule: { readonly cron: string; readonly timezone: string; readonly approve: 'ask' | 'auto' } | null
}

export interface InitFeed extends Pick<FeedFacts, 'delimiter' | 'encoding' | 'endsWithNewline'> {
  /** Relative to the configuration, or absolute. */
  readonly path: string
  readonly key: string
  readonly price: string | null
  readonly stock: string | null
  /** What its pictures lie under: an address, or a folder; null where nobody said. */
  readonly media?: string | null
  /** Of the program that wrote the file: which columns are read, and how. */
  readonly preset?: FoundPreset
}

/** Name of the variable in `.env` that holds the token. */
export const TOKEN_NAME = 'BC_TOKEN'

export const STORE_NAME = 'main'

export const JOB_NAME = 'nightly'

/** The sync that a feed makes; null without one. */
export const syncName = ({ feed }: Pick<InitAnswers, 'feed'>): string | null =>
  feed ? (feed.price === null ? 'stock' : 'prices') : null

/** The text of `sync.config.json`, with comments for whoever edits it next. @param schema Path of the schema; null leaves it out. */
export const configText = (answers: InitAnswers, schema: string | null): string =>
  [
    '{',
    ...(schema === null
      ? []
      : ['  // With this line, editors complete and check everything below.', `  "$schema": ${json(schema)},`, '']),
    ...storeLines(answers),
    ...feedLines(answers),
    ...jobLines(answers),
    '}',
    '',
  ]
    .join('\n')
    .replace(/,(\n+)\}\n$/, '$1}\n')

const json = (value: unknown): string => JSON.stringify(value)

const storeLines = ({ hash, api, token, resources, feed }: InitAnswers): string[] => [
  '  "stores": {',
  `    ${json(STORE_NAME)}: {`,
  `      "hash": ${json(hash)},`,
  'value' in token
    ? `      "accessToken": "env:${TOKEN_NAME}", // the token itself is in .env beside this file`
    : `      "accessToken": ${json(token.reference)},`,
  ...(api === null ? [] : [`      "api": ${json(api)}, // an emulator on this machine`]),
  '      "quotaShare": 0.85, // leave room for the store’s other apps',
  `      "resources": [${[...new Set([...resources, ...(feed?.preset?.products?.needs ?? [])])].map(json).join(', ')}]`,
  '    }',
  '  },',
]

const feedLines = (answers: InitAnswers): string[] => {
  const { feed } = answers
  if (!feed) return []
  const options = [
    '"type": "csv"',
    `"path": ${json(feed.path)}`,
    `"delimiter": ${json(feed.delimiter)}`,
    ...(feed.encoding === null ? [] : [`"encoding": ${json(feed.encoding)}`]),
    // The file was whole when it was looked at, so its writer never ends the last line.
    ...(feed.endsWithNewline && !feed.preset?.source.finalNewline ? [] : ['"finalNewline": "optional"']),
  ]
  const { preset } = feed
  return [
    '',
    '  // Where the catalog really lives. Paths are relative to this file.',
    '  "sources": {',
    `    "feed": { ${options.join(', ')} }`,
    '  },',
    '',
    '  // What is kept in step: store field on the left, column of the feed on the right.',
    ...(preset ? [`  // The columns are those of a ${preset.about}.`] : []),
    '  "syncs": {',
    ...(preset?.products ? productLines(preset.products, feed.media ?? null) : []),
    `    ${json(syncName(answers))}: {`,
    `      "store": ${json(STORE_NAME)},`,
    '      "resource": "skus", // one row per thing that can be bought',
    '      "source": "feed",',
    `      "key": ${pretty(preset?.key ?? { sku: feed.key }, '      ')},`,
    ...(preset?.command ? [`      "command": ${pretty(preset.command, '      ')},`] : []),
    `      "fields": ${pretty(fieldsOf(feed), '      ')}`,
    '    }',
    '  },',
  ]
}

/** New products are made when a person asks for it, so no job runs this sync. It comes first: the other is about what is there. */
const productLines = (products: PresetProducts, base: string | null): string[] => {
  const { key, fields, group, createDefaults } = products
  const lines = (part: object) =>
    Object.entries(part).map(([name, value]) => `      ${json(name)}: ${pretty(value, '      ')},`)
  return [
    '    // New products with their variants, and what belongs to a product as a whole.',
    '    "catalog": {',
    ...lines({ store: STORE_NAME, resource: 'products', source: 'feed', key, fields }),
    ...pictureLines(products, base),
    ...lines({ group, create: true }),
    ...lines({ createDefaults }).map((line) => line.replace(/,$/, '')),
    '    },',
    '',
    '    // Prices and stock of what the store has.',
  ]
}

const pictureLines = ({ images, media }: PresetProducts, base: string | null): string[] => {
  if (!images) return []
  if (media === undefined || base !== null)
    return [`      "images": ${pretty({ ...images, ...(base === null ? {} : { base }) }, '      ')},`]
  return [
    '      // The file names pictures by their paths alone. Put the address of the old shop, or a folder with a copy of',
    '      // them, into "base", and take the // away:',
    ...`"images": ${pretty({ ...images, base: `https://OLD-SHOP/${media}` }, '')},`
      .split('\n')
      .map((line) => `      // ${line}`),
  ]
}

const fieldsOf = ({ preset, price, stock }: InitFeed): object =>
  preset?.fields ?? {
    ...(price === null ? {} : { price }),
    ...(stock === null ? {} : { inventory_level: stock }),
  }

/** On one line where it fits, else one entry a line. */
const pretty = (value: unknown, indent: string): string => {
  const flat = inline(value)
  if (flat.length <= WIDTH - indent.length || typeof value !== 'object' || value === null) return flat
  const isList = Array.isArray(value)
  const inner = `${indent}  `
  const entries = Object.entries(value).map(
    ([name, one]) => `${inner}${isList ? '' : `${json(name)}: `}${pretty(one, inner)}`,
  )
  return [isList ? '[' : '{', entries.join(',\n'), `${indent}${isList ? ']' : '}'}`].join('\n')
}

const WIDTH = 96

const inline = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return json(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  const entries = Object.entries(value).map(([name, one]) => `${json(name)}: ${inline(one)}`)
  return entries.length ? `{ ${entries.join(', ')} }` : '{}'
}

const jobLines = (answers: InitAnswers): string[] => {
  const { schedule } = answers
  if (!schedule) return []
  const sync = syncName(answers)
  const steps = [`pull ${STORE_NAME}`, ...(sync === null ? [] : [`sync ${sync}`])]
  const approve =
    schedule.approve === 'auto'
      ? 'pushes by itself, within half of the guards’ limits'
      : 'a plan waits for `skiff push`; "auto" pushes by itself, within half of the guards’ limits'
  return [
    '',
    '  // What runs by itself under `skiff serve`, or with `skiff run`.',
    '  "jobs": {',
    `    ${json(JOB_NAME)}: {`,
    `      "cron": ${json(schedule.cron)},`,
    `      "timezone": ${json(schedule.timezone)},`,
    `      "steps": [${steps.map(json).join(', ')}],`,
    `      "approve": ${json(schedule.approve)} // ${approve}`,
    '    }',
    '  },',
  ]
}
