import { resolve } from 'node:path'
import type { Reading } from './reading.ts'
import type { RawSource } from './schema.ts'
import type { SourceSettings } from './types.ts'

/** The source that a section describes. */
export const readSource = ({ dir }: Reading, name: string, raw: RawSource): SourceSettings => ({
  ...raw,
  name,
  path: resolve(dir, raw.path),
})
