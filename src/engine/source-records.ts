import type { FieldRule, Source, SyncSpec } from '../model/index.ts'

/** A record as it stands in the source: column to cell, the columns that the sync reads and that hold anything. */
export interface RecordStory {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/** The records that together make one row, by their lines. Columns without a cell in any of them are left out. */
export const recordsAt = async (
  source: Source,
  spec: SyncSpec,
  lines: readonly number[],
): Promise<readonly RecordStory[]> => {
  const found = await source.raw(lines)
  const columns = columnsOf(spec).filter((column) => [...found.values()].some((cells) => cells[column]))
  return [...found].map(([line, cells]) => ({
    line,
    cells: Object.fromEntries(columns.map((column) => [column, cells[column] ?? ''])),
  }))
}

const columnsOf = ({ key, fields, group }: SyncSpec): readonly string[] => {
  const rules = [...Object.values(fields), ...Object.values(group?.fields ?? {})]
  return [...new Set([...groupColumns(group), ...Object.values(key), ...rules.flatMap(columnsOfRule)])]
}

const groupColumns = (group: SyncSpec['group']): readonly string[] => {
  if (!group) return []
  const { by } = group
  if ('list' in by) return [by.list]
  if ('marks' in by) return [by.marks, by.chosen]
  const options = by.options.flatMap(({ name, value }) => ('column' in name ? [name.column, value] : [value]))
  return 'parent' in by ? [by.parent, ...options] : [by.neighbours, ...options]
}

const columnsOfRule = ({ from, reads = [] }: FieldRule): readonly string[] => (from === undefined ? reads : [from])
