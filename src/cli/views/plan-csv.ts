import { stringify } from 'csv-stringify/sync'
import { spreadsheetText } from '../../app/index.ts'
import type { Change, FieldChange, Held, Plan, Rejection, Value } from '../../model/index.ts'
import { keyText } from '../../model/index.ts'
import { movement } from './amount.ts'
import { shownFields } from './inner.ts'

/** A plan for a spreadsheet, one line a field. Cells that a spreadsheet would take for a formula begin with `'`. */
export const planCsv = (plan: Plan): string =>
  stringify(
    [
      ...plan.changes.flatMap((change) => shownFields(change).map((field) => fieldLine(change, field))),
      ...plan.held.flatMap((row) => shownFields(row).map((field) => ({ ...fieldLine(row, field), ...guardOf(row) }))),
      ...plan.rejected.map(rejectionLine),
    ],
    { header: true, columns: COLUMNS, cast: { string: spreadsheetText } },
  )

const COLUMNS = [
  ...['id', 'action', 'side', 'resource', 'key', 'label', 'field', 'from', 'to', 'base', 'percent', 'owner', 'drift'],
  ...['note', 'guard', 'reason', 'source_line'],
]

const fieldLine = (change: Change, field: FieldChange) => ({
  id: change.id,
  action: change.action,
  side: change.side,
  resource: change.resource,
  key: keyText(change.key),
  label: change.label ?? '',
  field: field.field,
  from: cell(field.from),
  to: cell(field.to),
  base: cell(field.base),
  percent: percentCell(movement(change.resource, field)),
  owner: field.owner,
  drift: field.drift ? 'yes' : '',
  note: field.note ?? '',
  source_line: change.line ?? '',
})

const guardOf = ({ guard, reason }: Held) => ({ action: 'held', guard, reason })

const rejectionLine = ({ row, column, value, reason, key }: Rejection) => ({
  action: 'rejected',
  key: key ? keyText(key) : '',
  field: column,
  to: value,
  reason,
  source_line: row,
})

const cell = (value: Value): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

const percentCell = (percent: number | null): string =>
  percent === null || !Number.isFinite(percent) ? '' : String(percent)
