import {
  copyName,
  isoTime,
  matchText,
  type Resource,
  sameValue,
  stableJson,
  type Value,
  type Values,
} from '../../model/index.ts'
import { pull } from '../pull.ts'
import type { Moving } from './moving.ts'

/** The resource whose rows a resource's new rows change. */
export const stirredBy = ({ context }: Pick<Moving, 'context'>, { fields, moves }: Resource): Resource | undefined =>
  context.catalog.resources.get(fields[moves?.stirs?.link ?? '']?.ref ?? '')

/**
 * What new rows changed of what they belong to is nobody's edit: both sides are taken to have agreed on it, so that what the old store
 * says is carried again. That is noted before the rows count as made, so that it is not forgotten when the migration ends in between.
 */
export const keepStirred = async (
  moving: Moving,
  resource: Resource,
  made: readonly { readonly values: Values }[],
): Promise<void> => {
  const { context, from, to, run } = moving
  const { stirs } = resource.moves ?? {}
  const parent = stirredBy(moving, resource)
  if (!stirs || !parent || !made.length) return
  await context.clock.sleep(to.settleMs ?? parent.settleMs, context.signal)
  await pull(context, to, { only: [parent.name], isKnown: true }, run)
  const sync = copyName({ from: from.name, to: to.name }, parent.name)
  const [key = 'id'] = parent.key
  const base = to.mirror.base(sync)
  const keys = new Set(made.map(({ values }) => values[stirs.link] ?? null))
  const rows = [...keys].flatMap((id) => agreedOf(parent, stirs, base.get(matchText({ id })), rowOf(id)))
  to.mirror.saveBase(sync, rows, isoTime(context.clock.now()))

  function rowOf(id: Value): Values | undefined {
    return parent && to.mirror.row(parent, { [key]: id })
  }
}

type Base = ReturnType<ReturnType<Moving['to']['mirror']['base']>['get']>

const agreedOf = (
  { key: [key = 'id'] }: Resource,
  { field, makes }: NonNullable<NonNullable<Resource['moves']>['stirs']>,
  base: Base,
  row: Values | undefined,
) => {
  const now = row?.[field] ?? null
  if (!row || !base || sameValue(base.fields[field]?.store, now) || !makes.some((one) => sameValue(one, now))) return []
  const id = { [key]: row[key] ?? null }
  return [
    { key: matchText(id), entity: stableJson(id), fields: { ...base.fields, [field]: { store: now, source: now } } },
  ]
}
