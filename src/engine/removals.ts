import { canWrite, fieldsOf, type Target } from '../diff/index.ts'
import type { BaseRow, MirrorRow } from '../mirror/index.ts'
import {
  type Change,
  matchText,
  pick,
  type Rejection,
  type SourceRow,
  type SyncSpec,
  UsageError,
  type Values,
} from '../model/index.ts'
import { labelOf } from './label.ts'
import type { SourceKeys } from './source-keys.ts'

export interface Removals {
  readonly changes: readonly Omit<Change, 'id'>[]
  /** Base keys of which nothing is left to be done: once the snapshot is accepted they are forgotten. */
  readonly settled: readonly string[]
  readonly notes: readonly string[]
}

/**
 * What becomes of rows that both sides once agreed on and that the source no longer names. They are hidden or deleted only where
 * the config says so, and the guards have their say after that.
 * @throws {UsageError} when the resource cannot do what the config asks for.
 */
export const removals = (
  spec: SyncSpec,
  target: Target,
  keys: SourceKeys,
  gone: readonly Pick<BaseRow, 'key' | 'entity'>[],
  find: (entity: Values) => MirrorRow | undefined,
): Removals => {
  const visible = Object.entries(fieldsOf(target)).find(([, field]) => field.role === 'visible')?.[0]
  if (spec.remove === 'hide' && !visible) throw cannot(spec, 'hidden')
  if (spec.remove === 'delete' && !canDelete(target)) throw cannot(spec, 'deleted')
  if (gone.length && keys.keyless) return { changes: [], settled: [], notes: keylessNotes(spec, keys) }

  const changes: Omit<Change, 'id'>[] = []
  const settled: string[] = []
  for (const { key, entity } of gone) {
    const row = spec.remove === 'never' ? undefined : find(JSON.parse(entity) as Values)
    const change =
      row && !keys.has(matchText(keyOf(spec, row.values))) ? removal(spec, target, row, visible) : undefined
    if (change) changes.push(change)
    else settled.push(key)
  }
  return { changes, settled, notes: [] }
}

/** The removal that a row of the source asks for itself. */
export const commandedRemoval = (
  target: Target,
  { line, key, of }: SourceRow,
  { values, entity }: MirrorRow,
): { readonly change: Omit<Change, 'id'> } | { readonly rejection: Rejection } => {
  if (!canDelete(target)) {
    return { rejection: { row: line, column: '', value: '', reason: `rows of ${target.name} cannot be deleted`, key } }
  }
  const about = { side: 'store' as const, resource: target.name, key, entity, label: labelOf(values, of), line }
  return { change: { ...about, action: 'remove', fields: [] } }
}

/** A row of a tree would take along those below it, whatever the source says of them. */
const canDelete = (target: Target): boolean =>
  target.kind === 'plain' && canWrite(target.resource, 'delete') && !target.resource.tree

const removal = (
  spec: SyncSpec,
  target: Target,
  { values, entity }: MirrorRow,
  visible: string | undefined,
): Omit<Change, 'id'> | undefined => {
  const about = {
    side: 'store' as const,
    resource: target.name,
    key: keyOf(spec, values),
    entity,
    label: labelOf(values),
    line: null,
  }
  if (spec.remove === 'delete') return { ...about, action: 'remove', fields: [] }
  if (!visible || values[visible] !== true) return undefined
  const field = { field: visible, from: true, to: false, base: null, owner: 'source' as const }
  return { ...about, action: 'hide', fields: [{ ...field, note: 'no longer in the source' }] }
}

/** A line whose key is unreadable may be the very row that seems to be gone. */
const keylessNotes = ({ remove }: SyncSpec, { keyless }: SourceKeys): readonly string[] =>
  remove === 'never'
    ? []
    : [`${keyless} lines of the source have no readable key, so nothing is removed that the source does not name`]

const cannot = (spec: SyncSpec, how: string): UsageError =>
  new UsageError(`rows of ${spec.resource} cannot be ${how}`, {
    where: `syncs.${spec.name}.remove`,
    hint: 'use resource "products" for that, or "remove": "never"',
  })

const keyOf = (spec: SyncSpec, values: Values): Values => pick(values, Object.keys(spec.key))
