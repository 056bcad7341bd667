import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../../src/resources/index.ts'
import { EXCEPTIONS } from '../../support/openapi-exceptions.ts'

const headings = new Set(
  [...readFileSync('docs/bigcommerce.md', 'utf8').matchAll(/^#{2,3} (.+)$/gm)].map(([, title]) => title ?? ''),
)

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))

/** What stands behind "docs/bigcommerce.md, " up to the end of the sentence, lines of a comment joined. */
const mentionsIn = (file: string): string[] => {
  const text = readFileSync(file, 'utf8').replace(/\n\s*(?:\*|\/\/)\s?/g, ' ')
  return [...text.matchAll(/docs\/bigcommerce\.md, ([^).:;]+)/g)].map(([, title = '']) => title.trim())
}

describe('docs/bigcommerce.md', () => {
  it.each([...catalog.resources.values()].map(({ name, source }) => [name, source]))(
    'has the section that %s comes from: %s',
    (_name, source) => {
      expect(headings).toContain(source)
    },
  )

  it('has every section that the code and the tests mention', () => {
    const files = ['src', 'test/support', 'tools'].flatMap(filesIn)
    const mentioned = files.flatMap((file) => mentionsIn(file).map((title) => `${title} (${file})`))
    expect(mentioned.length).toBeGreaterThan(20)
    expect(mentioned.filter((one) => !headings.has(one.replace(/ \([^()]*\)$/, '')))).toEqual([])
  })

  it('has every section that an exception from the OpenAPI files goes back to', () => {
    const sections = new Set(EXCEPTIONS.map(({ why }) => why.slice(0, why.indexOf(':'))))
    expect([...sections].filter((title) => !headings.has(title))).toEqual([])
  })
})
