import { COMMANDS, type Command, type Recognised, type SourceRow, type SyncSpec } from '../model/index.ts'

/** Keys of which nothing becomes anything, because the sync makes no rows. */
export const unknownNotes = (spec: SyncSpec, unknown: readonly SourceRow[]): readonly string[] =>
  spec.create || !unknown.length
    ? []
    : [`${unknown.length} keys of the source are not in the store and "create" is off: ${examples(unknown)}`]

export const recognisedNotes = (recognised: readonly Recognised[]): readonly string[] => {
  const byFile = recognised.filter(({ isByFile }) => isByFile).length
  const seen = recognised.length - byFile
  return [
    ...(byFile ? [`${byFile} of the store were recognised by their files, and are not sent again`] : []),
    ...(seen
      ? [`${seen} were looked at behind their addresses for the first time: what lies there now counts as sent`]
      : []),
  ]
}

/** Rows that take no part because of what they say, by what that is. */
export const restingNotes = ({ partOf }: SyncSpec, resting: readonly SourceRow[]): readonly string[] =>
  COMMANDS.flatMap((command) => {
    const rows = resting.filter((row) => row.command === command)
    if (!rows.length || (partOf && command === 'delete')) return []
    const why = partOf ? 'wait: what they belong to was written a moment ago' : WHY_RESTING[command]
    return [`${rows.length} rows ${why}: ${examples(rows)}`]
  })

const WHY_RESTING: Readonly<Record<Command, string>> = {
  create: 'say "create" and are in the store already',
  update: 'say "update" and are not in the store',
  delete: 'say "delete" and are not in the store',
  skip: 'say "skip"',
}

export const examples = (rows: readonly SourceRow[]): string => {
  const names = rows.slice(0, 3).map(({ key }) => Object.values(key).join(' / '))
  return `${names.join(', ')}${rows.length > 3 ? ', …' : ''}`
}
