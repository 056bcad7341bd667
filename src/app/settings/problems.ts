import { basename } from 'node:path'
import { UsageError } from '../../model/index.ts'
import type { Position } from './document.ts'

export type Path = (string | number)[]

/** What is wrong with a configuration, collected so that a person sees all of it at once. */
export class Problems {
  readonly #file: string
  readonly #found: { readonly position: Position; readonly path: string; readonly text: string }[] = []

  constructor(file: string) {
    this.#file = file
  }

  addAt(position: Position, path: Path, text: string): void {
    this.#found.push({ position, path: pathText(path), text })
  }

  /** @throws {UsageError} whose message lists them in the order of the file. */
  throwIfAny(): void {
    const sorted = this.#found.toSorted(
      (a, b) => a.position.line - b.position.line || a.position.column - b.position.column,
    )
    const lines = sorted.map(({ position, path, text }) => {
      const place = `${basename(this.#file)}:${position.line}:${position.column}`
      return { place, line: path ? `${path}: ${text}` : text }
    })
    const [first] = lines
    if (!first) return
    if (lines.length === 1)
      throw new UsageError(first.line, { where: `${this.#file}:${positionText(sorted[0]?.position)}` })
    throw new UsageError(
      `${basename(this.#file)} has ${lines.length} faults:\n${lines.map(({ place, line }) => `  ${place} ${line}`).join('\n')}`,
      { where: this.#file },
    )
  }
}

/** `syncs.prices.fields["Sale price"]`, `jobs.nightly.steps[0]` */
const pathText = (path: Path): string =>
  path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part)}]`
      return index ? `.${part}` : part
    })
    .join('')

const positionText = (position: Position | undefined): string =>
  position ? `${position.line}:${position.column}` : '1:1'
