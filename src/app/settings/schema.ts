import * as z from 'zod'
import { LIMIT_OF } from '../../diff/index.ts'
import { type Catalog, COMMANDS, type CommandColumn, GUARD_NAMES, type Naming } from '../../model/index.ts'
import { age, secret, text } from './schema-words.ts'
import { DATABASE_SOURCES } from './source-databases.ts'
import { FILE_SOURCES } from './source-files.ts'
import { NOTICE_EVENTS } from './types.ts'

/** The shape of `sync.config.json`. What depends on several places at once is checked after it. */
export const configSchema = (catalog: Catalog) =>
  z.strictObject({
    $schema: z.string().exactOptional(),
    stores: z.record(name, storeSchema(catalog)).describe('BigCommerce stores by the name that you give them.'),
    sources: z.record(name, sourceSchema).default({}).describe('Where the catalog really lives.'),
    tables: z.record(name, tableSchema).default({}).describe('Small tables that expressions look values up in.'),
    syncs: z
      .record(name, syncSchema(catalog))
      .default({})
      .describe('Each binds one source to one resource of one store.'),
    jobs: z.record(name, jobSchema).default({}).describe('Named lists of steps, run by hand or by a schedule.'),
    retention: retentionSchema.prefault({}),
    notify: z.record(name, notifierSchema).default({}).describe('Who is told when a run went badly, and how.'),
  })

export type RawConfig = z.output<ReturnType<typeof configSchema>>
export type RawStore = RawConfig['stores'][string]
export type RawSource = RawConfig['sources'][string]
export type RawTable = RawConfig['tables'][string]
export type RawSync = RawConfig['syncs'][string]
export type RawChosenKey = Extract<RawSync['key'][string], { options: unknown }>
export type RawOption = z.output<typeof optionColumn>
export type RawRule = RawSync['fields'][string]
export type RawJob = RawConfig['jobs'][string]
export type RawRetention = RawConfig['retention']
export type RawNotifier = RawConfig['notify'][string]

const name = z
  .string()
  .regex(/^[A-Za-z0-9][\w-]*$/, 'a name is letters, digits, - and _, and begins with a letter or digit.')

const namesOf = (things: ReadonlyMap<string, unknown>) => z.enum([...things.keys()] as [string, ...string[]])

const storeSchema = (catalog: Catalog) =>
  z.strictObject({
    hash: text.exactOptional().describe('Store hash, or the API path that BigCommerce shows, which holds it.'),
    accessToken: secret.exactOptional(),
    auth: z
      .strictObject({ basic: z.strictObject({ user: text, token: secret }) })
      .exactOptional()
      .describe('Legacy API account of a v2 store, instead of "accessToken"; needs "url".'),
    url: z
      .url('must be an address that begins with https://')
      .exactOptional()
      .describe('Address of a store with a legacy API account.'),
    api: z
      .url('must be an address such as http://127.0.0.1:8080')
      .exactOptional()
      .describe('An emulator on this machine, instead of BigCommerce.'),
    quotaShare: z
      .number()
      .gt(0, 'must be above 0 and at most 1.')
      .lte(1, 'must be above 0 and at most 1.')
      .default(0.85)
      .describe('Share of the request quota that may be used; the rest is for the store’s other apps.'),
    resources: z
      .array(namesOf(catalog.resources))
      .min(1, 'must name at least one resource.')
      .exactOptional()
      .describe('What a pull brings. Absent: everything that does not make pages small.'),
    full: age
      .default({ ms: 23 * 3_600_000 })
      .describe(
        'How old the last pull of everything may be; it meets the edits that the store does not date. Such as "12h" or "7d".',
      ),
    mirror: text.exactOptional().describe('File of the local copy; ".skiff/NAME.db" when absent.'),
    production: z
      .boolean()
      .default(false)
      .describe('The shop is live: the first push of each sync asks for the store’s name.'),
    simplePrices: z
      .enum(['product', 'variant'])
      .default('product')
      .describe('Where a simple product’s price is written; "variant" needs fewer requests.'),
    location: z
      .int()
      .min(1, 'must be the id of a location.')
      .exactOptional()
      .describe('Location that stock is written to; the default one, which is the only one for syncs of stock so far.'),
    settleMs: z
      .int()
      .min(0, 'must not be negative.')
      .exactOptional()
      .describe(
        'With "api" only: how long a write takes to show, and a lost request to be carried out, in ms. BigCommerce’s own times hold elsewhere.',
      ),
  })

const sourceSchema = z.discriminatedUnion('type', [...FILE_SOURCES, ...DATABASE_SOURCES])

const column = z.union([text, z.int().min(1, 'columns are counted from 1.').transform(String)])

const columnList = z.union([column.transform((one) => [one]), z.array(column).min(1, 'must name at least one column.')])

const imagesSchema = z
  .union([
    column.transform((from) => ({ from: [from] })),
    z.strictObject({
      from: columnList,
      list: z
        .string()
        .min(1, 'must not be empty.')
        .exactOptional()
        .describe('Stands between several addresses of a cell.'),
      base: z
        .union(
          [z.url({ protocol: /^https?$/ }), z.string().regex(/^(?![a-z][a-z0-9+.-]*:)./i)],
          'must be an address that begins with https://, or a folder.',
        )
        .exactOptional()
        .describe('What addresses without https:// are taken under: an address, or a folder of this machine.'),
      position: column.exactOptional().describe('Column with the place of a picture among those of its product.'),
      alt: columnList
        .exactOptional()
        .describe('Columns with the alternative texts, one for each of "from"; split by "list" like the addresses.'),
      absent: z.literal('ignore', 'must be "ignore", or be left out.').exactOptional(),
      thumbnail: z.boolean().default(true).describe('The first picture is the thumbnail.'),
      remove: z
        .boolean()
        .default(false)
        .describe('Pictures that Skiff sent and the source no longer names are taken out of the store.'),
      beside: z
        .boolean()
        .default(false)
        .describe('Pictures that the store had before are others for certain: those of the source are added to them.'),
      check: z
        .enum(['address', 'content'])
        .default('address')
        .describe(
          'What tells that a picture of the web is another one: its address alone, or what lies behind it, which is looked at when a plan is made.',
        ),
    }),
  ])
  .transform((images) => ({
    thumbnail: true,
    remove: false,
    beside: false,
    check: 'address' as const,
    ...images,
  }))

const tableSchema = z.strictObject({
  source: text.exactOptional().describe('A source of this configuration.'),
  path: text.exactOptional().describe('Instead of a source: a CSV file in UTF-8, relative to this configuration.'),
  key: column.describe('The column that a value is looked up by.'),
  value: column.describe('The column that a lookup gives when it names none.'),
})

const ruleSchema = z.strictObject({
  from: column.exactOptional().describe('Column name, or its number from 1 in a file without a header.'),
  value: z
    .union([z.string(), z.number(), z.boolean()])
    .transform(String)
    .exactOptional()
    .describe('The same for every row, instead of a column.'),
  expr: text.exactOptional().describe('An expression over the columns, instead of one: see the guide on mapping.'),
  owner: z.enum(['source', 'store', 'both']).default('source').describe('Who decides the field.'),
  conflict: z
    .enum(['ask', 'source', 'store', 'newer'])
    .default('ask')
    .describe('Who wins where both sides changed it differently; for owner "both".'),
  blank: z.enum(['keep', 'clear', 'reject']).default('keep').describe('What a blank cell means.'),
  writeBack: z.boolean().default(true).describe('false accepts the store’s value instead of writing it to the source.'),
  trim: z.boolean().default(true).describe('Drop blanks around a cell.'),
  default: z.string().exactOptional().describe('Taken for a blank cell.'),
  map: z.record(z.string(), z.string()).exactOptional().describe('Cell text to the text that is meant.'),
  else: z
    .enum(['take', 'blank', 'reject'])
    .exactOptional()
    .describe('What a text means that "map" does not have: itself when absent, a blank cell, or a rejected row.'),
  clear: z
    .union([text, z.array(text).min(1, 'must hold at least one text.')])
    .transform((words) => (typeof words === 'string' ? [words] : words))
    .exactOptional()
    .describe('Cell texts that clear the field.'),
  absent: z
    .literal('ignore', 'must be "ignore", or be left out.')
    .exactOptional()
    .describe('A source without the column says nothing about the field, instead of being refused.'),
  format: z
    .strictObject({
      decimal: z.enum(['.', ',']).default('.'),
      thousands: z.enum(['.', ',', ' ', "'"]).exactOptional(),
    })
    .exactOptional()
    .describe('How numbers are written.'),
  names: z
    .union([
      z.literal(true).transform((): Naming => ({})),
      z.strictObject({
        list: text.exactOptional(),
        path: text.exactOptional(),
        missing: z.literal('create').exactOptional(),
      }),
    ])
    .exactOptional()
    .describe(
      'The cell names what the field refers to (a brand, categories) instead of holding ids: true, or what stands between several names ("list") and between the levels of a path ("path"). With "missing": "create" names that the store does not have are made first.',
    ),
  asOf: z
    .union([
      column.transform((from) => ({ column: from })),
      z.strictObject({ file: z.literal('modified') }).transform(() => 'file' as const),
    ])
    .exactOptional()
    .describe(
      'Of stock: the column that says since when the figure is true, or { "file": "modified" } for the file’s time.',
    ),
  after: z
    .enum(['hold', 'subtract-orders', 'overwrite'])
    .exactOptional()
    .describe('Of stock with "asOf": what to do where the store’s stock moved since; "hold" when absent.'),
})

const keySchema = z
  .strictObject({
    from: column.exactOptional().describe('Column name, or its number from 1 in a file without a header.'),
    value: z
      .union([z.string().min(1, 'must not be blank.'), z.number(), z.null()])
      .transform((value) => (value === null ? null : String(value)))
      .exactOptional()
      .describe('The same for every row, instead of a column; null for rows that hold nothing there.'),
    blank: z
      .literal('none')
      .exactOptional()
      .describe('A blank cell names the rows that hold nothing there; a rejected row when absent.'),
    expr: text.exactOptional().describe('An expression over the columns, instead of one: see the guide on mapping.'),
    names: z
      .literal(true, 'must be true, or be left out.')
      .transform((): Naming => ({}))
      .exactOptional()
      .describe('What is found so is the name of what the field refers to, such as a price list, instead of its id.'),
  })
  .refine(
    ({ from, value, expr }) => [from, value, expr].filter((way) => way !== undefined).length === 1,
    'needs one of "from" (a column), "value" (a constant) and "expr" (an expression).',
  )

const optionColumn = z.strictObject({
  name: column.exactOptional().describe('Column that names the option, in the first row of a group.'),
  called: text.exactOptional().describe('The option’s name, where no column holds it.'),
  value: column.describe('Column of what each row chooses.'),
})

const chosenKeySchema = z.strictObject({
  of: z
    .record(z.string(), column)
    .refine((of) => Object.keys(of).length === 1, 'must name one field of the product.')
    .describe('Field of the product to the column that holds it, such as { "name": "Title" }.'),
  options: z
    .array(z.union([column.transform((value) => ({ called: value, value })), optionColumn]))
    .min(1, 'must name at least one column.')
    .describe('Columns of what each row chooses: the option’s name where both are the same, or as in "group".'),
  by: column
    .exactOptional()
    .describe(
      'Column whose cell neighbouring rows of one product share, where only the first of them names the product and its options; the column of the product when absent.',
    ),
  none: text.exactOptional().describe('The choice of a product without options, as in "group".'),
})

/** The rule of a field that goes by what is given and by defaults. */
export const plainRule = (given: z.input<typeof ruleSchema>): z.output<typeof ruleSchema> => ruleSchema.parse(given)

const shorthand = column.transform((from) => plainRule({ from }))

const share = (what: string) => z.string().regex(/^\d+(\.\d+)?\s*%$/, what)

const SHARE_ONLY = 'must be a share such as "30%", or false.'

const AMOUNT = 'must be an amount such as "9.90", or false.'
const AGE = 'must be an age such as "26h", "90min" or "2d", or false.'
const KEYS = 'must be a list of keys that both sides always hold, or false.'

const guard = {
  none: z.literal(false, 'has no limit to set; false switches the guard off.'),
  share: z.union([z.literal(false), share(SHARE_ONLY)], SHARE_ONLY),
  rows: z.union([
    z.literal(false),
    z.number().min(0, 'must not be negative.'),
    share('must be a share such as "30%", a number of rows, or false.'),
  ]),
  times: z.union([z.literal(false), z.int().min(1, 'must be at least 1.')], 'must be a whole number, or false.'),
  amount: z.union([z.literal(false), z.string().regex(/^\d+(\.\d+)?$/, AMOUNT)], AMOUNT),
  age: z.union([z.literal(false), z.string().regex(/^\d+(\.\d+)?\s*(min|h|d)$/, AGE)], AGE),
  keys: z.union([z.literal(false), z.array(text).min(1, KEYS)], KEYS),
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const syncSchema = (catalog: Catalog) =>
  z.strictObject({
    store: text,
    resource: z.enum([...catalog.derived.keys(), ...catalog.resources.keys()] as [string, ...string[]]),
    source: text,
    key: z
      .record(z.string(), z.union([column, keySchema, chosenKeySchema]))
      .refine((key) => Object.keys(key).length > 0, 'must name at least one field.')
      .describe(
        'Store field to source column, or to a constant, an expression, a name, or a product and its options; several make a compound key.',
      ),
    fields: z
      .record(z.string(), z.union([shorthand, ruleSchema]))
      .describe('Store field to source column, or to a rule; {} for rows that are all key, such as assignments.'),
    command: z
      .union([
        column.transform((from): CommandColumn => ({ from })),
        z
          .strictObject({
            from: column.exactOptional(),
            expr: text.exactOptional(),
            map: z.record(z.string(), z.enum([...COMMANDS, ''])).exactOptional(),
          })
          .refine(
            ({ from, expr }) => (from === undefined) !== (expr === undefined),
            'needs either "from" (a column) or "expr" (an expression).',
          ),
      ])
      .exactOptional()
      .describe(
        'Column or expression that says what becomes of a row: create, update, delete or skip; blank leaves it to the sync. "map" gives the words of the column.',
      ),
    images: imagesSchema.exactOptional().describe('Where the addresses of a product’s pictures lie.'),
    group: z
      .strictObject({
        by: column.exactOptional().describe('Neighbouring rows with the same cell here are one product.'),
        parent: z
          .strictObject({
            column,
            names: z
              .record(z.string(), column)
              .refine((names) => Object.keys(names).length > 0, 'must name at least one column.'),
          })
          .exactOptional()
          .describe(
            'Instead of "by": the column in which a variant names its product, and by what: the text in front of a name to the column of the product that holds it, such as { "": "SKU", "id:": "ID" }.',
          ),
        rows: z
          .strictObject({
            column,
            product: text,
            variant: text,
            unread: text.exactOptional().describe('Rows that are not read: a product that has one is rejected.'),
            options: column.describe('Where a variant holds all that it chooses.'),
          })
          .exactOptional()
          .describe(
            'Instead of "by": variants stand below their product, and a column says what a row is, as in exports of BigCommerce.',
          ),
        options: z.array(optionColumn).exactOptional().describe('Of "by" and "parent": what each row chooses.'),
        list: column
          .exactOptional()
          .describe('Instead of "by": where a product lists its variants, as in sku=A-S,size=S|sku=A-M,size=M.'),
        none: text.exactOptional().describe('The choice of a product without options, such as "Default Title".'),
        variants: z
          .record(z.string(), z.union([shorthand, ruleSchema]))
          .default({})
          .describe('Fields of each variant.'),
      })
      .exactOptional()
      .describe('Several rows make one product: what each row chooses, and the variants that a create makes with it.'),
    create: z.boolean().default(false).describe('Rows that the store does not have are created.'),
    createDefaults: z
      .record(z.string(), z.union([scalar, z.array(z.union([z.string(), z.number()]))]))
      .default({})
      .describe('What created rows hold in fields of which the source says nothing: field to value.'),
    remove: z.enum(['never', 'hide', 'delete']).default('never').describe('What becomes of rows that left the source.'),
    insert: z
      .boolean()
      .default(false)
      .describe('The table of the source gets a row for each row of the store that it never had.'),
    guards: z
      .strictObject(
        Object.fromEntries(GUARD_NAMES.map((guardName) => [guardName, guard[LIMIT_OF[guardName]].exactOptional()])),
      )
      .default({})
      .describe('Limits by guard; false switches one off, an absent one keeps its default.'),
    circuit: z
      .union([z.literal(false), z.int().min(1, 'must be at least 1.')], 'must be a number of runs, or false.')
      .default(3)
      .describe('Runs in a row that may fail or be blocked; then nothing is pushed by schedule until a person did.'),
    recheck: z.enum(['auto', 'all']).default('auto').describe('Which rows are read again before they are written.'),
    filter: z
      .record(z.string(), z.union([scalar, z.array(scalar).min(1, 'must hold at least one value.')]))
      .default({})
      .describe('Only rows whose store side has these values take part; "sku" is a pattern with * and ?.'),
  })

const DAYS = 'must be a whole number of days, or false to keep it for ever.'

const daysKept = (days: number, what: string) =>
  z
    .union([z.literal(false), z.int(DAYS).min(0, DAYS)], DAYS)
    .default(days)
    .describe(what)

const retentionSchema = z
  .strictObject({
    changeLog: daysKept(400, 'What changed in the store’s rows, as `explain` and reports tell it.'),
    journal: daysKept(400, 'Every step of every change that was written; a run can be undone as long as this.'),
    plans: daysKept(90, 'Plans that the journal knows nothing of; the others stay as long as it does.'),
    runs: daysKept(400, 'The history of runs and pulls.'),
    snapshots: daysKept(400, 'How each reading of a source looked; the last accepted one stays.'),
    conflicts: daysKept(400, 'Conflicts that are settled.'),
  })
  .describe(
    'For how many days history is kept in the mirrors; 0 or false is for ever. Older rows go at the end of a pull or sync.',
  )

const jobSchema = z.strictObject({
  cron: text.exactOptional().describe('Minute, hour, day of month, month, day of week.'),
  timezone: text.default('UTC').describe('IANA name, such as "America/New_York".'),
  steps: z.array(text).min(1, 'must hold at least one step.').describe('"pull STORE", "sync NAME" or "report NAME".'),
  approve: z
    .enum(['ask', 'auto'])
    .default('ask')
    .describe('"auto" pushes without a person, within half the guards’ defaults.'),
})

const notifierSchema = z.strictObject({
  command: z
    .array(text)
    .min(1, 'must name a program.')
    .exactOptional()
    .describe('Program and its arguments; the notice comes as JSON on its standard input.'),
  webhook: secret
    .exactOptional()
    .describe('Where the address is that notices are posted to: "env:NAME" or "file:PATH".'),
  mail: z
    .strictObject({
      server: secret.describe('Where "smtps://user:password@host" is: "env:NAME" or "file:PATH".'),
      from: text,
      to: z.array(text).min(1, 'must name somebody.'),
    })
    .exactOptional()
    .describe('A mail for each notice.'),
  events: z.array(z.enum(NOTICE_EVENTS)).min(1, 'must name an event.').exactOptional().describe('All when absent.'),
  about: z.array(text).min(1, 'must name a job or sync.').exactOptional().describe('Jobs and syncs; all when absent.'),
})
