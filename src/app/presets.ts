import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NumberFormat } from '../model/index.ts'

/** How the export of a program is read: a file of `config/presets`. */
export interface Preset {
  readonly name: string
  /** For people, to follow "a". */
  readonly about: string
  /** Columns that all of its files have, and no other program's. */
  readonly header: readonly string[]
  readonly source: { readonly finalNewline?: 'optional' }
  readonly key: Readonly<Record<string, string | PresetRule>>
  /** What says of rows that are nothing to buy that they take no part; left out where the file lacks its columns. */
  readonly command?: PresetRule
  /** Store field to a column or to a rule; of several, the first whose columns are there. */
  readonly fields: Readonly<Record<string, PresetColumn | readonly PresetColumn[]>>
  /** How things are told where no row has a cell for the key. */
  readonly unnamed?: PresetUnnamed
  /** How new products are made of it, where the program tells enough of them. */
  readonly products?: PresetProducts
}

/** A sync of products, as a configuration has it, but for the store, the source and "create". */
export interface PresetProducts {
  /** Columns that it needs. */
  readonly header: readonly string[]
  readonly key: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, unknown>>
  /** Resources that its parts come from, beside those that are usual. */
  readonly needs?: readonly string[]
  readonly images?: Readonly<Record<string, unknown>>
  /** Where pictures lie below the address of the shop, when the file names them by their paths alone. */
  readonly media?: string
  readonly group: Readonly<Record<string, unknown>> & {
    readonly options?: readonly { readonly name: string; readonly value: string }[]
    readonly variants: Readonly<Record<string, unknown>>
  }
  readonly createDefaults: Readonly<Record<string, unknown>>
}

type PresetColumn = string | PresetRule

/** What takes the place of the key, with the columns that it needs, and of the same field of new variants. */
interface PresetUnnamed {
  readonly needs: readonly string[]
  readonly key: Readonly<Record<string, unknown>>
  readonly command: Readonly<Record<string, unknown>>
  readonly variants: Readonly<Record<string, unknown>>
}

interface PresetRule {
  readonly from?: string
  /** Instead of a column, with the columns that it reads. */
  readonly expr?: string
  readonly reads?: readonly string[]
  readonly blank?: 'keep' | 'clear' | 'reject'
  readonly map?: Readonly<Record<string, string>>
  readonly format?: Partial<NumberFormat>
}

/** Every preset that comes with Skiff, by name. */
export const presets = (): readonly Preset[] =>
  readdirSync(FOLDER)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Preset)

/** Folder of the presets: beside `src` and beside `dist` alike. */
const FOLDER = fileURLToPath(new URL('../../config/presets', import.meta.url))

/** A preset as it reads one file. */
export interface FoundPreset extends Pick<Preset, 'name' | 'about' | 'source' | 'products'> {
  readonly key: Readonly<Record<string, unknown>>
  readonly fields: Readonly<Record<string, string | Omit<PresetRule, 'reads'>>>
  readonly command?: Readonly<Record<string, unknown>>
}

/**
 * The preset of a file with these columns, with the fields whose columns are there; undefined when no program writes them.
 * @param empty Those of its columns that have no cell.
 */
export const presetOf = (columns: readonly string[], empty: readonly string[] = []): FoundPreset | undefined => {
  const preset = presets().find(({ header }) => header.every((name) => columns.includes(name)))
  if (!preset) return undefined
  const { name, about, source, key, products, unnamed } = preset
  const isThere = (column: PresetColumn) => readsOf(column).every((one) => columns.includes(one))
  const fields = Object.entries(preset.fields).flatMap(([field, either]) => {
    const found = [either].flat().find(isThere)
    return found === undefined ? [] : [[field, ruleOf(found)] as const]
  })
  const whole = products?.header.every((one) => columns.includes(one)) ? withOptions(products, columns) : undefined
  const found = { name, about, source, fields: Object.fromEntries(fields) }
  const isNamed = Object.values(key).some((column) => readsOf(column).some((one) => !empty.includes(one)))
  if (isNamed || !unnamed?.needs.every((one) => columns.includes(one))) {
    const named = Object.fromEntries(Object.entries(key).map(([field, column]) => [field, ruleOf(column)]))
    const { reads: _columns, ...command } = preset.command && isThere(preset.command) ? preset.command : {}
    return { ...found, key: named, ...(command.expr ? { command } : {}), ...(whole ? { products: whole } : {}) }
  }
  const { command, variants } = unnamed
  return { ...found, key: unnamed.key, command, ...(whole ? { products: withVariants(whole, variants) } : {}) }
}

const readsOf = (column: PresetColumn): readonly string[] =>
  typeof column === 'string' ? [column] : (column.reads ?? [column.from ?? ''])

const ruleOf = (column: PresetColumn): string | Omit<PresetRule, 'reads'> => {
  if (typeof column === 'string') return column
  const { reads: _columns, ...rule } = column
  return rule
}

const withVariants = (products: PresetProducts, variants: PresetUnnamed['variants']): PresetProducts => ({
  ...products,
  group: { ...products.group, variants: { ...products.group.variants, ...variants } },
})

/** A file has columns for as many options as its products choose among. */
const withOptions = (products: PresetProducts, columns: readonly string[]): PresetProducts => {
  const { options, ...group } = products.group
  const there = options?.filter(({ name, value }) => columns.includes(name) && columns.includes(value))
  return { ...products, group: there ? { ...group, options: there } : group }
}
