import type { Write } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import { type Body, fileOf, pick, type Resource, type Value } from '../model/index.ts'
import type { Upload, WriteRow } from '../store/index.ts'
import type { Writing } from './pushing.ts'

/** Files that writes are made from, read right before they are sent. */
interface Uploads {
  /** Writes whose file is no longer what the plan saw, with what is wrong. */
  readonly unfit: ReadonlyMap<Write, string>
  /** Puts the file of a row in the place of its address. */
  readonly attach: (row: WriteRow) => WriteRow
}

export const readUploads = async (
  { side }: Pick<Writing, 'side'>,
  { sent }: Resource,
  writes: readonly Write[],
): Promise<Uploads> => {
  if (!sent) return NONE
  const unfit = new Map<Write, string>()
  const files = new Map<Value | undefined, Upload>()
  for (const write of writes) {
    const address = write.set[sent.from]
    const named = fileIn(address)
    if (!named) continue
    const found = await side.files.read(named.path, named.sha256)
    if ('reason' in found) unfit.set(write, found.reason)
    else files.set(address, { field: sent.upload, ...found })
  }
  const attach = (row: WriteRow): WriteRow => {
    const { [sent.from]: address, ...set } = row.set
    const upload = files.get(address)
    return upload ? { ...row, set, upload } : row
  }
  return { unfit, attach }
}

const NONE: Uploads = { unfit: new Map(), attach: (row) => row }

/**
 * Whether the answer to a change that brought another file shows the file from before. The reference does not say for certain that a
 * row that is there takes a file (docs/bigcommerce.md, Images), so the answer has to prove it.
 */
export const isFileKept = (mirror: Mirror, resource: Resource, { verb, set, id }: Write, echo: Body): boolean => {
  const { sent } = resource
  if (!sent || verb !== 'update' || !fileIn(set[sent.from])) return false
  return mirror.row(resource, pick(id, resource.key))?.[sent.file] === echo[sent.file]
}

const fileIn = (address: Value | undefined) => (typeof address === 'string' ? fileOf(address) : undefined)
