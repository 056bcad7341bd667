import type { Source, SyncSpec } from '../model/index.ts'
import { badBecause, type Finding, ok, warn } from './check-finding.ts'
import type { Workspace } from './workspace.ts'

/** Reads a sync's source to its end, as a plan would, and counts. */
export const checkSource = async (workspace: Workspace, sync: SyncSpec): Promise<Finding> => {
  const look = { of: `sync ${sync.name}`, what: `source ${sync.source}` }
  try {
    const { rows, rejected, origin, first } = await readWhole(workspace.source(sync))
    if (rejected === 0) return ok(look, `${origin}: ${rows} rows`)
    return warn(
      look,
      `${origin}: ${rows} rows, ${rejected} rejected; the first: ${first}`,
      `\`skiff plan ${sync.name}\` lists them`,
    )
  } catch (error) {
    return badBecause(look, error)
  }
}

const readWhole = async (source: Source) => {
  let first = ''
  for await (const items of source.read()) {
    for (const item of items) {
      if (first || !('rejection' in item)) continue
      const { row, column, value, reason } = item.rejection
      first = `line ${row}, ${column} ${JSON.stringify(value)} is ${reason}`
    }
  }
  return { ...source.summary(), first }
}
