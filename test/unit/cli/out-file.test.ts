import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outFile } from '../../../src/cli/out-file.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-out-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('a file that a command is to write', () => {
  it('is written under its name, from the folder of the command, over an older one', () => {
    writeFileSync(join(dir, 'report.html'), 'older')
    const out = outFile(dir, 'report.html')
    expect(readFileSync(out.path, 'utf8')).toBe('older')
    out.write('newer')
    expect(readFileSync(join(dir, 'report.html'), 'utf8')).toBe('newer')
  })

  it.each([
    ['in a folder that is not there', 'no/such/report.html', /there is no folder .*no\/such/],
    ['below a file', 'file/report.html', /there is no folder .*file/],
    ['that is a folder', 'folder', /folder is a folder/],
  ])('%s is refused before anything is done for it', (_what, name, message) => {
    writeFileSync(join(dir, 'file'), '')
    mkdirSync(join(dir, 'folder'))
    expect(() => outFile(dir, name)).toThrow(
      expect.objectContaining({ code: 'usage', exit: 2, message: expect.stringMatching(message) }),
    )
  })

  it('that has become impossible meanwhile is told as such, with what is left of the work', () => {
    mkdirSync(join(dir, 'folder'))
    const out = outFile(dir, 'folder/report.html')
    rmSync(join(dir, 'folder'), { recursive: true })
    expect(() => out.write('text', 'The plan is stored as p1.')).toThrow(
      expect.objectContaining({ code: 'usage', hint: 'The plan is stored as p1.' }),
    )
  })
})
