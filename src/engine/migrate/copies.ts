import { heldBy, type StockField } from '../../diff/index.ts'
import {
  type Catalog,
  type ChosenRows,
  type ConflictRule,
  chosenRows,
  copyName,
  type Derived,
  type FieldRule,
  GUARD_NAMES,
  type GuardSettings,
  pathFields,
  type Resource,
  type SyncSpec,
  updateRoute,
  type Value,
  type Values,
} from '../../model/index.ts'
import { innerSyncs } from '../inner-rows.ts'
import type { Moving } from './moving.ts'

/** How the rows of one resource are copied: made by one sync, and kept in step by another. */
export interface Copy {
  readonly resource: Resource
  /** Fields that are kept in step. */
  readonly fields: readonly string[]
  readonly update: SyncSpec
  /** Null where the API makes no such rows by themselves. */
  readonly create: Creating | null
}

export interface Creating {
  readonly spec: SyncSpec
  /** Fields by which a new row is known. */
  readonly key: readonly string[]
  /** What a new row takes from the old one, the key's fields included. */
  readonly fields: readonly string[]
  /** Its rows choose among options of their parent. */
  readonly isInner: boolean
}

export interface Between {
  /** Names of the stores in the configuration. */
  readonly from: string
  readonly to: string
  readonly conflict: ConflictRule
}

export const betweenOf = ({ from, to, options }: Pick<Moving, 'from' | 'to' | 'options'>): Between => ({
  from: from.name,
  to: to.name,
  conflict: options.conflict,
})

export const copyOf = (catalog: Catalog, resource: Resource, between: Between): Copy => {
  const fields = keptFields(catalog, resource)
  const name = copyName(between, resource.name)
  const update = specOf(between, name, resource.name, rowKey(resource), fields, keptInStep(between))
  return { resource, fields, update, create: creating(catalog, resource, between) }
}

const creating = (catalog: Catalog, resource: Resource, between: Between): Creating | null => {
  const key = resource.moves?.by.at(-1)
  if (!key?.length || !resource.api.create) return null
  const chosen = chosenRows(catalog, resource.name)
  if (chosen) return creatingInner(catalog, chosen, between)
  const fields = newFields(resource)
  const name = `${copyName(between, resource.name)}.new`
  const spec = specOf(between, name, resource.name, key, fields, ONLY_MADE)
  return {
    key,
    fields: [...new Set([...key, ...fields])],
    spec: {
      ...spec,
      create: true,
      guards: { ...GUARDS, canary: NOTHING_LOST, ...(resource.sent ? { breaker: SENT_ALONE } : {}) },
    },
    isInner: false,
  }
}

const creatingInner = (catalog: Catalog, { parent, nest, link }: ChosenRows, between: Between): Creating | null => {
  const spec = innerSyncs(catalog, innerSpec(catalog, parent, between)).at(-1)
  return spec ? { spec, key: [link, nest.made], fields: [link, nest.made], isInner: true } : null
}

/** The sync whose rows bring along inner ones, which are made where its row lacks them. */
export const innerSpec = (catalog: Catalog, parent: Resource, between: Between): SyncSpec => ({
  ...copyOf(catalog, parent, between).update,
  create: true,
  group: { by: { list: '' }, none: null, fields: {} },
})

/** A row's own key, and what it belongs to where requests name that. */
export const rowKey = ({ key, part, api, fields }: Resource): readonly string[] => {
  const named = [...(api.update ?? []), ...(api.delete ? [api.delete] : [])].flatMap(({ path }) => pathFields(path))
  const above = named.filter((name) => fields[name]?.ref !== undefined)
  return [...new Set([...(part ? [part.link] : []), ...above, ...key])]
}

type Rules = Pick<FieldRule, 'owner' | 'conflict' | 'writeBack' | 'lasting'>

/** How a field is decided that both stores may change. An edit in the new one lasts, whatever it is. */
export const keptInStep = ({ conflict }: Between): Rules => ({
  owner: 'both',
  conflict,
  writeBack: false,
  lasting: true,
})

/** How a field is decided of rows that are made and never changed. */
export const ONLY_MADE: Rules = { owner: 'source', conflict: 'source', writeBack: false }

/** A sync whose source is the old store. The plan of the migration, which a person approves, stands for most guards. */
export const specOf = (
  { from, to }: Between,
  name: string,
  resource: string,
  key: readonly string[],
  fields: readonly string[],
  rules: Rules,
): SyncSpec => ({
  name,
  store: to,
  resource,
  source: from,
  key: Object.fromEntries(key.map((field) => [field, field])),
  fields: Object.fromEntries(fields.map((field) => [field, { from: field, blank: 'clear', trim: false, ...rules }])),
  partial: true,
  create: false,
  createDefaults: {},
  remove: 'never',
  insert: false,
  guards: GUARDS,
  circuit: false,
  recheck: 'auto',
  filter: { equals: {} },
})

/** What stays on: figures that are wrong as a whole, a first look at a few rows, and the stop when rows fail. */
const KEPT = ['priceScale', 'stockToZero', 'canary', 'breaker', 'storeIdentity', 'quotaReserve']
/** A first look at a few rows proves what overwriting does; it would cost a request more for each resource. */
const NOTHING_LOST = { moot: 'new rows overwrite nothing' }
const SENT_ALONE = { moot: 'one that the store cannot fetch says nothing of the next' }
const APPROVED = { moot: 'a copy says what the old store says, and its counts were approved' }
const GUARDS: GuardSettings = Object.fromEntries(
  GUARD_NAMES.filter((name) => !KEPT.includes(name)).map((name) => [name, APPROVED]),
)

/** What a change can carry; stock is kept in step through its own route. */
const keptFields = (catalog: Catalog, resource: Resource): readonly string[] =>
  resource.api.update?.length
    ? Object.entries(resource.fields).flatMap(([name, field]) =>
        field.readOnly ||
        field.untold ||
        !updateRoute(resource.api, [name]) ||
        isLeft(resource, name) ||
        (field.role === 'stock' && stockOf(catalog, resource))
          ? []
          : [name],
      )
    : []

const newFields = (resource: Resource): readonly string[] =>
  Object.entries(resource.fields).flatMap(([name, field]) =>
    (field.readOnly && !field.atCreate) || isLeft(resource, name) ? [] : [name],
  )

const isLeft = ({ moves }: Resource, name: string): boolean => moves?.leave?.includes(name) ?? false

/** A derived resource's field with the stock, and its facts. */
export const stockField = ({ name, fields }: Derived): readonly [string, StockField] => {
  for (const [field, facts] of Object.entries(fields)) if (facts.of === 'stock') return [field, facts]
  throw new TypeError(`${name} has no stock`)
}

/** The derived resource through which the stock of a resource's rows is written. */
export const stockOf = ({ derived }: Catalog, { name }: Resource) =>
  [...derived.values()].find(
    (one) =>
      (one.parent === name || one.child === name) && Object.values(one.fields).some((facts) => facts.of === 'stock'),
  )

/** Without what a new row does not hold: a figure of stock that is counted elsewhere, and what is not set. */
export const newValues = (catalog: Catalog, resource: Resource, row: Values): Values => {
  const derived = stockOf(catalog, resource)
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => {
      if (value === null || (isEmptyList(value) && resource.fields[name]?.forNew === undefined)) return false
      return resource.fields[name]?.role !== 'stock' || !derived || heldBy(stockField(derived)[1], row) === 'parent'
    }),
  )
}

const isEmptyList = (value: Value): boolean => Array.isArray(value) && value.length === 0
