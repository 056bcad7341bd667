import type { Write } from '../diff/index.ts'
import type { Mirror } from '../mirror/index.ts'
import { type Body, fileOf, pick, type Resource, type Value, type WebVersion, webVersionOf } from '../model/index.ts'
import type { Upload, WriteRow } from '../store/index.ts'
import { lookAt } from './look-behind.ts'
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
    if (named) {
      const found = await side.files.read(named.path, named.sha256)
      if ('reason' in found) unfit.set(write, found.reason)
      else files.set(address, { field: sent.upload, ...found })
    }
    const seen = webIn(address)
    const reason = seen && (await whyOther(side, seen))
    if (reason !== undefined) unfit.set(write, reason)
  }
  const attach = (row: WriteRow): WriteRow => {
    const { [sent.from]: address, ...set } = row.set
    const upload = files.get(address)
    if (upload) return { ...row, set, upload }
    const seen = webIn(address)
    return seen ? { ...row, set: { ...row.set, [sent.from]: seen.address } } : row
  }
  return { unfit, attach }
}

const NONE: Uploads = { unfit: new Map(), attach: (row) => row }

/** Why what lies behind an address is not what the plan saw there; undefined where it is. */
const whyOther = async (side: Writing['side'], { address, sha256 }: WebVersion): Promise<string | undefined> => {
  const found = await lookAt(side, address)
  if ('reason' in found) return found.reason
  return found.sha256 === sha256
    ? undefined
    : `another picture lies behind ${address} than the plan was made for; plan again`
}

/**
 * Whether the answer to a change that brought another file, or another content of an address, shows the file from before. The
 * reference says for certain neither that a row that is there takes a file nor that an address is fetched again
 * (docs/bigcommerce.md, Images), so the answer has to prove it.
 */
export const isFileKept = (mirror: Mirror, resource: Resource, { verb, set, id }: Write, echo: Body): boolean => {
  const { sent } = resource
  const address = sent && set[sent.from]
  if (!sent || verb !== 'update' || !(fileIn(address) || webIn(address))) return false
  return mirror.row(resource, pick(id, resource.key))?.[sent.file] === echo[sent.file]
}

const fileIn = (address: Value | undefined) => (typeof address === 'string' ? fileOf(address) : undefined)

const webIn = (address: Value | undefined) => (typeof address === 'string' ? webVersionOf(address) : undefined)
