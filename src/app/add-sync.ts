import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { modify } from 'jsonc-parser'
import { type Catalog, UsageError } from '../model/index.ts'
import type { SyncSection } from './map.ts'
import { type Environment, loadSettings } from './settings/index.ts'
import { refuseUnsound } from './sound-draft.ts'

/**
 * Adds a sync to a configuration, of which nothing else changes, comments included.
 * @throws {UsageError} when one has that name, or the configuration would not be sound with it.
 */
export const addSync = (
  file: string,
  name: string,
  section: SyncSection,
  { env, catalog }: { readonly env: Environment; readonly catalog: Catalog },
): void => {
  if (loadSettings(file, env, catalog).syncs.some((sync) => sync.name === name))
    throw new UsageError(`there is a sync called ${name} already`, { where: file })
  const before = readFileSync(file, 'utf8')
  const draft = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(draft, withSync(before, name, section), { mode: statSync(file).mode })
    refuseUnsound(draft, env, catalog, 'the mapping')
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** @internal The text with the section as the last sync. Written in here, because the library would lay out the sync before it anew. */
export const withSync = (text: string, name: string, section: SyncSection): string => {
  const [edit] = modify(text, ['syncs', name], section, {})
  if (!edit) return text
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const [, indent = '  '] = /\n([ \t]+)"/.exec(text) ?? []
  const hasSyncs = !/^,?"syncs"/.test(edit.content)
  const margin = indent.repeat(hasSyncs ? 2 : 1)
  const property = hasSyncs ? { [name]: section } : { syncs: { [name]: section } }
  const lines = JSON.stringify(property, null, indent).split('\n').slice(1, -1)
  const block = lines.map((line) => eol + margin + line.slice(indent.length)).join('')
  const [before, behind] = [text.slice(0, edit.offset), text.slice(edit.offset)]
  if (!edit.content.startsWith(',')) return before + block + eol + margin.slice(indent.length) + behind
  // A remark behind the last sync stays beside it.
  const [remark = ''] = /^,?[ \t]*(?:\/\/[^\r\n]*)?(?=\r?\n)/.exec(behind) ?? []
  return `${before},${remark.replace(/^,/, '')}${block}${behind.slice(remark.length)}`
}
