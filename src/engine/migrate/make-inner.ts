import { chosenRows, type SourceRow, type Value } from '../../model/index.ts'
import { innerSyncs, readChosen } from '../inner-rows.ts'
import { betweenOf, type Copy, innerSpec } from './copies.ts'
import { listSource } from './list-source.ts'
import type { Wish, Wished } from './make-rows.ts'
import { keyOf } from './match-rows.ts'
import type { Moving } from './moving.ts'
import { nestedRow } from './nested-rows.ts'
import { notDone, type Pushed, pushCopy, whyStopped } from './push-copy.ts'

/**
 * Makes rows that choose among options of a parent that is there: first what they choose from, where that is lacking, then the rows.
 * New options are not made, because rows that are there would lose their ids.
 */
export const makeInner = async (moving: Moving, { resource }: Copy, wishes: readonly Wish[]): Promise<Pushed> => {
  const { context, from, to, run } = moving
  const chosen = chosenRows(context.catalog, resource.name)
  if (!chosen) throw new TypeError(`rows of ${resource.name} choose nothing`)
  const { parent, nest, link } = chosen
  const spec = innerSpec(context.catalog, parent, betweenOf(moving))
  const wished = new Map<Value, Wished[]>()
  for (const wish of wishes) {
    if (!('row' in wish)) continue
    const id = wish.row.key[link] ?? null
    wished.set(id, [...(wished.get(id) ?? []), wish])
  }
  const rows = [...wished].map(([id, children], at): SourceRow => {
    const inner = children.flatMap(({ old, row: { line } }) =>
      nestedRow(moving, resource, nest, old.held).map((values) => ({
        values,
        from: { line, isMade: false, standsFor: keyOf(resource, old.held) },
      })),
    )
    return {
      line: at + 1,
      key: { [parent.key[0] ?? 'id']: id },
      values: {},
      nested: { [resource.name]: inner.map(({ values }) => values) },
      nestedFrom: inner.map(({ from }) => from),
    }
  })
  const source = listSource(from.name, `${resource.name} of ${from.name}`, rows)
  const [values, made] = innerSyncs(context.catalog, spec)
  if (!values || !made) throw new TypeError(`${parent.name} has no inner rows`)
  await readChosen(context, to, values, source, run)
  const first = await pushCopy(moving, values, source)
  return whyStopped(first) || notDone(first) ? first : pushCopy(moving, made, source)
}
