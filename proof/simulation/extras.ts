import type { State } from '../../src/emulator/index.ts'
import type { FieldRule, SyncSpec } from '../../src/model/index.ts'
import type { Dice } from './dice.ts'
import type { Good } from './feeds.ts'

/** What only some worlds have beside products, prices, stock and texts. */
export interface Extras {
  /** The table says when its rows were changed: seconds below the greatest moment that are read once more. */
  readonly overlap: number | null
  /** The table gets rows for products that only the store has. */
  readonly insert: boolean
  /** Products have custom fields and pictures in the feed. */
  readonly parts: boolean
  /** The feed sets the prices of a list. */
  readonly lists: boolean
}

export const drawExtras = (dice: Dice): Extras => ({
  overlap: dice.chance(0.05) ? dice.pick([0, 60]) : null,
  insert: dice.chance(0.05),
  parts: dice.chance(0.08),
  lists: dice.chance(0.05),
})

/** Whether a table is needed for it. */
export const needsTable = ({ overlap, insert }: Extras): boolean => overlap !== null || insert

export const hasExtras = (extras: Extras): boolean => needsTable(extras) || extras.parts || extras.lists

export const CHANGED = 'changed_at'
/** The custom field that a column of the feed is. */
export const FIELD = 'Shelf'
/** The list and the currency that the feed sets. */
export const LIST = 1
export const CURRENCY = 'gbp'

export const columnsOf = ({ overlap, parts, lists }: Extras): readonly (keyof Good)[] => [
  ...(parts ? (['shelf', 'pictures'] as const) : []),
  ...(lists ? (['listed'] as const) : []),
  ...(overlap === null ? [] : ([CHANGED] as const)),
]

type Rule = (from: string, more?: Partial<FieldRule>) => FieldRule

/** The sync of the goods with what belongs to each product in columns of their own. */
export const withParts = (goods: SyncSpec, rule: Rule, dice: Dice): SyncSpec => ({
  ...goods,
  parts: {
    product_custom_fields: [
      { key: { name: FIELD }, fixed: {}, field: 'value', rule: rule('shelf', { blank: dice.pick(['keep', 'clear']) }) },
    ],
  },
  images: {
    from: ['pictures'],
    list: '|',
    thumbnail: dice.chance(0.5),
    remove: dice.chance(0.5),
    beside: dice.chance(0.5),
    check: 'address',
  },
})

/** Each product may get a field and pictures, and lose them. */
export const openPart = (part: SyncSpec): SyncSpec => ({
  ...part,
  guards: { ...part.guards, maxCreates: '100%', maxDeletes: '100%' },
})

export const listed = (plain: SyncSpec, rule: Rule, dice: Dice): SyncSpec => ({
  ...plain,
  name: 'listed',
  source: 'listed',
  resource: 'price_list_records',
  key: { price_list_id: 'price_list_id', sku: 'sku', currency: 'currency' },
  keyRules: { price_list_id: { value: String(LIST) }, currency: { value: CURRENCY } },
  fields: { price: rule('listed') },
  create: dice.chance(0.8),
  guards: { ...plain.guards, maxCreates: '100%' },
})

/** What the merchant writes into the new columns of one row. */
export const reviseExtras = (extras: Extras, good: Good, state: State, dice: Dice): void => {
  if (extras.parts && dice.chance(0.5)) good.shelf = dice.chance(0.2) ? '' : `shelf ${dice.between(1, 9)}`
  if (extras.parts && dice.chance(0.5)) {
    const wanted = [1, 2, 3, 4].filter(() => dice.chance(0.4)).map((number) => addressOf(good.sku, number))
    good.pictures = (dice.chance(0.5) ? wanted : wanted.reverse()).join('|')
  }
  if (extras.lists && dice.chance(0.5) && isSimple(state, good.sku)) good.listed = String(dice.between(5, 90))
}

/** Only what is one thing has a price in a list, and only while it is there. */
export const isSimple = (state: State, sku: string): boolean =>
  state.products.where('sku', sku.toLowerCase()).some((product) => product.base_variant_id !== null)

const addressOf = (sku: string, number: number): string => `https://cdn.example.com/${sku}/feed${number}.jpg`

/** What the store's name of a picture keeps of its address. */
export const stemOf = (file: string): string =>
  (file.split('/').pop() ?? '').replace(/__\d+\.\w+$/, '').replace(/\.\w+$/, '')

export const stemsIn = (cell: string): readonly string[] => cell.split('|').filter(Boolean).map(stemOf)

/** Somebody edits in the store what the new columns are about. */
export const actOnExtras = (extras: Extras, state: State, dice: Dice): string => {
  const product = dice.pick(state.products.list())
  const own = product ? state.customFields.where('product', product.id).find(({ name }) => name === FIELD) : undefined
  switch (product && dice.pick(KINDS.filter((kind) => (kind === 'record' ? extras.lists : extras.parts)))) {
    case 'field':
      if (!own) return 'finds no field'
      state.customFields.update(own.id, { value: `shelf ${dice.between(1, 9)}` })
      return `edits the field of ${product?.id}`
    case 'no field':
      if (!own) return 'finds no field'
      state.customFields.delete(own.id)
      return `deletes the field of ${product?.id}`
    case 'no picture': {
      const picture = dice.pick(state.images.where('product', product?.id ?? 0))
      if (!picture) return 'finds no picture'
      state.images.delete(picture.id)
      return `deletes picture ${picture.id}`
    }
    case 'record': {
      const record = dice.pick(state.priceRecords.where('list', LIST).filter(({ currency }) => currency === CURRENCY))
      if (!record) return 'finds no record'
      state.priceRecords.update(record.id, {
        price: dice.between(5, 90),
        date_modified: new Date(state.now()).toISOString().replace(/\.\d+/, ''),
      })
      return `sets the price of record ${record.id}`
    }
    default:
      return 'finds nothing'
  }
}

const KINDS = ['field', 'no field', 'no picture', 'record'] as const

/** A product takes with it what belongs to it. */
export const dropExtras = (state: State, product: number): void => {
  for (const { id } of state.customFields.where('product', product)) state.customFields.delete(id)
  for (const { id } of state.images.where('product', product)) state.images.delete(id)
  for (const { id } of state.priceRecords.list().filter(({ product_id }) => product_id === product))
    state.priceRecords.delete(id)
}
