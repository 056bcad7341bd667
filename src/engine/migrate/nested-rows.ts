import { movedValues } from '../../diff/index.ts'
import {
  chosenNest,
  linkTo,
  type Nest,
  type Nested,
  pick,
  type Resource,
  says,
  type Value,
  type Values,
} from '../../model/index.ts'
import { type Moving, standsFor } from './moving.ts'
import { oldRow, whyUnfit } from './old-rows.ts'

/** What a new row brings along in its own request: the old row's children, as far as the request can carry them. */
export const nestedRows = (moving: Moving, resource: Resource, held: Values): Nested => {
  const { catalog } = moving.context
  const nests = resource.api.create?.nest ?? []
  return Object.fromEntries(
    nests.flatMap((nest) => {
      const child = catalog.resources.get(nest.resource)
      if (!child?.moves || (nest.unless && says(held, nest.unless))) return []
      const rows = moving.from.mirror
        .rowsWhere(child, linkTo(child, resource.name), held[resource.key[0] ?? 'id'] ?? null)
        .flatMap((row) => nestedRow(moving, child, nest, row))
      return rows.length ? [[nest.resource, rows.slice(0, nest.most)] as const] : []
    }),
  )
}

/** Why a row would be made without any of those that choose among its options; undefined where it has one, or never had any. */
export const whyWithoutInner = (
  { from, context: { catalog } }: Moving,
  resource: Resource,
  held: Values,
  nested: Nested,
): string | undefined => {
  const nest = chosenNest(resource)
  const child = catalog.resources.get(nest?.resource ?? '')
  if (!nest || !child || nested[child.name]?.length) return undefined
  const rows = from.mirror.rowsWhere(child, linkTo(child, resource.name), held[resource.key[0] ?? 'id'] ?? null)
  return rows.some((row) => choicesAsTold(nest, row[nest.choices]).length)
    ? `its ${child.name} have no ${nest.made}; ${GIVE_IT_ONE}`
    : undefined
}

/** Why a row would be made with a part only of what can never be added to it; undefined where all of it goes along. */
export const whyHalf = (
  { from, context: { catalog } }: Moving,
  resource: Resource,
  held: Values,
): string | undefined => {
  for (const nest of resource.api.create?.nest ?? []) {
    const child = catalog.resources.get(nest.resource)
    if (!child?.moves || child.api.create) continue
    const rows = from.mirror.rowsWhere(child, linkTo(child, resource.name), held[resource.key[0] ?? 'id'] ?? null)
    if (rows.length > nest.most)
      return `its ${rows.length} ${child.name} are more than the ${nest.most} that one request takes, and none can be added later`
  }
  return undefined
}

/** What helps where the API makes no row without a value. */
export const GIVE_IT_ONE = 'the API makes none without, so give them one in the old store and run this again'

/** One child as the request of its parent carries it; none where it stands for the parent itself, or would spoil the request. */
export const nestedRow = (moving: Moving, child: Resource, nest: Nest, held: Values): readonly Values[] => {
  const { says: told } = oldRow(moving, child, held)
  if (whyUnfit(child, told) !== undefined) return []
  const carried = nest.fields.filter((name) => !child.moves?.leave?.includes(name))
  const { values } = movedValues(child.fields, carried, told, standsFor(moving))
  const set = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
  if (!nest.choices) return [set]
  if ((set[nest.made ?? ''] ?? null) === null) return []
  const chosen = choicesAsTold(nest, told[nest.choices])
  return chosen.length ? [{ ...set, [nest.choices]: chosen }] : []
}

/** By name and label: ids mean nothing in another store. */
const choicesAsTold = ({ values }: Nest, value: Value | undefined): readonly Values[] =>
  values && Array.isArray(value)
    ? (value as Values[]).map((one) => pick(one, [values.choice.optionName, values.choice.label]))
    : []
