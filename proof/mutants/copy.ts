import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mutant, mutate } from './mutant.ts'

/** A copy of the project with one mutation, to run anything in; `remove` takes it away. */
export const mutatedCopy = (root: string, mutant: Mutant): { readonly dir: string; remove(): void } => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-mutant-'))
  for (const name of COPIED) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(dir, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
  const file = join(dir, mutant.file)
  writeFileSync(file, mutate(mutant, readFileSync(file, 'utf8')))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

const COPIED = [
  'src',
  'test',
  'proof',
  'tools',
  'migrations',
  'config',
  'docs',
  'bin',
  'README.md',
  'sync.config.example.json',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
]
