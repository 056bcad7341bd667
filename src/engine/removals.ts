import { canWrite, fieldsOf, type Target } from '../diff/index.ts'
import { type Change, type SyncSpec, UsageError, type Values } from '../model/index.ts'
import type { StoreSide } from './context.ts'
import { rowFinder } from './store-rows.ts'

/**
 * Rows that both sides once agreed on and that the source no longer names. They are hidden or deleted only where the config
 * says so, and the guards have their say after that.
 */
export const removals = (
  side: StoreSide,
  spec: SyncSpec,
  target: Target,
  met: ReadonlySet<string>,
): readonly Omit<Change, 'id'>[] => {
  if (spec.remove === 'never') return []
  const visible = Object.entries(fieldsOf(target)).find(([, field]) => field.role === 'visible')?.[0]
  if (spec.remove === 'hide' && !visible) throw cannot(spec, 'hidden')
  if (spec.remove === 'delete' && (target.kind !== 'plain' || !canWrite(target.resource, 'delete')))
    throw cannot(spec, 'deleted')

  const find = rowFinder(side.mirror, target)
  const gone: Omit<Change, 'id'>[] = []
  for (const { key, entity } of side.mirror.base(spec.name).all()) {
    if (met.has(key)) continue
    const row = find(JSON.parse(entity) as Values)
    if (!row) continue
    const about = {
      side: 'store' as const,
      resource: target.name,
      key: keyOf(spec, row.values),
      entity: row.entity,
      label: typeof row.values['name'] === 'string' ? row.values['name'] : null,
      line: null,
    }
    if (spec.remove === 'delete') gone.push({ ...about, action: 'remove', fields: [] })
    else if (visible && row.values[visible] === true) {
      gone.push({
        ...about,
        action: 'hide',
        fields: [
          { field: visible, from: true, to: false, base: null, owner: 'source', note: 'no longer in the source' },
        ],
      })
    }
  }
  return gone
}

const cannot = (spec: SyncSpec, how: string): UsageError =>
  new UsageError(`rows of ${spec.resource} cannot be ${how}`, {
    where: `syncs.${spec.name}.remove`,
    hint: 'use resource "products" for that, or "remove": "never"',
  })

const keyOf = (spec: SyncSpec, values: Values): Values =>
  Object.fromEntries(Object.keys(spec.key).map((name) => [name, values[name] ?? null]))
