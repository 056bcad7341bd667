import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commandLine } from '../../../../src/cli/views/command-line.ts'

describe('a command line', () => {
  it.each([
    ['plain words', ['--only', 'products,brands', '--since', '2026-03-01T12:00:00Z'], false],
    ['blanks', ['my files/names.json'], true],
    ['quotes of both kinds', [`it's "mine".json`], true],
    ['what a shell would act on', ['$(id) `id` ; & | > *.json \\ ~ !'], true],
    ['nothing', [''], true],
  ])('says %s so that a shell reads the same words', (_what, words, isQuoted) => {
    const line = commandLine(words)
    expect(execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })).toBe(`${words.join('\n')}\n`)
    expect(line.includes("'")).toBe(isQuoted)
  })
})
