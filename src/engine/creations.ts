import { fieldsOf, type Target } from '../diff/index.ts'
import type { Change, Field, Rejection, SourceRow, SyncSpec, Values } from '../model/index.ts'
import { labelOf } from './label.ts'

/** Changes that create what the store does not have; a row without all that a create needs is rejected. */
export const creations = (
  spec: SyncSpec,
  target: Target,
  unknown: readonly SourceRow[],
): { changes: readonly Omit<Change, 'id'>[]; rejected: readonly Rejection[] } => {
  if (!spec.create) return { changes: [], rejected: [] }
  const fields = fieldsOf(target)
  const changes: Omit<Change, 'id'>[] = []
  const rejected: Rejection[] = []
  for (const row of unknown) {
    const values: Values = { ...writableOnly(row.key, fields), ...row.values }
    const missing = Object.keys(fields).filter((name) => fields[name]?.required && (values[name] ?? null) === null)
    if (missing.length) {
      rejected.push({
        row: row.line,
        column: missing.join(', '),
        value: '',
        reason: 'needed to create it',
        key: row.key,
      })
      continue
    }
    changes.push({
      action: 'create',
      side: 'store',
      resource: target.name,
      key: row.key,
      entity: {},
      label: labelOf(values),
      line: row.line,
      fields: Object.entries(values)
        .filter(([, to]) => to !== null)
        .map(([field, to]) => ({ field, from: null, to, base: null, owner: spec.fields[field]?.owner ?? 'source' })),
    })
  }
  return { changes, rejected }
}

const writableOnly = (values: Values, fields: Readonly<Record<string, Field>>): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !fields[name]?.readOnly))
