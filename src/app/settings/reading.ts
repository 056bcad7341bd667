import type { Catalog } from '../../model/index.ts'
import type { Document } from './document.ts'
import type { Environment } from './environment.ts'
import type { Path, Problems } from './problems.ts'

/** What the reading of every section needs. */
export interface Reading {
  readonly file: string
  readonly dir: string
  readonly env: Environment
  readonly catalog: Catalog
  readonly document: Document
  readonly problems: Problems
  /** Names as written, also of sections that hold faults of their own. */
  readonly names: {
    readonly stores: readonly string[]
    readonly sources: readonly string[]
    readonly tables: readonly string[]
    readonly syncs: readonly string[]
    readonly jobs: readonly string[]
  }
  /** Adds a fault at a path: at the value, at its name, or at a character of it. */
  add(path: Path, text: string, place?: 'key' | number): void
}
