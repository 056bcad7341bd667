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
  readonly key: Readonly<Record<string, string>>
  /** Store field to a column, or to a rule. */
  readonly fields: Readonly<Record<string, string | PresetRule>>
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
  readonly group: Readonly<Record<string, unknown>> & {
    readonly options?: readonly { readonly name: string; readonly value: string }[]
  }
  readonly createDefaults: Readonly<Record<string, unknown>>
}

export interface PresetRule {
  readonly from: string
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

/** The preset of a file with these columns, with the fields whose columns are there; undefined when no program writes them. */
export const presetOf = (columns: readonly string[]): Preset | undefined => {
  const found = presets().find(({ header }) => header.every((name) => columns.includes(name)))
  if (!found) return undefined
  const fields = Object.entries(found.fields).filter(([, rule]) =>
    columns.includes(typeof rule === 'string' ? rule : rule.from),
  )
  const { products, ...rest } = found
  const isWhole = products?.header.every((name) => columns.includes(name))
  return {
    ...rest,
    fields: Object.fromEntries(fields),
    ...(products && isWhole ? { products: withOptions(products, columns) } : {}),
  }
}

/** A file has columns for as many options as its products choose among. */
const withOptions = (products: PresetProducts, columns: readonly string[]): PresetProducts => {
  const { options, ...group } = products.group
  const there = options?.filter(({ name, value }) => columns.includes(name) && columns.includes(value))
  return { ...products, group: there ? { ...group, options: there } : group }
}
