import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { parse } from 'jsonc-parser'
import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../../../src/app/settings/index.ts'
import { catalog } from '../../../../src/resources/index.ts'
import { generated } from '../../../../tools/generate.ts'

const root = new URL('../../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')

describe('generated files', () => {
  it.each(Object.entries(generated()))('%s is what `npm run docs` writes', (path, text) => {
    expect(read(path)).toBe(text)
  })
})

describe('the example configuration', () => {
  it('loads', () => {
    const settings = loadSettings(new URL('sync.config.example.json', root).pathname, {}, catalog)
    expect(settings.syncs.map(({ name }) => name)).toEqual(['prices', 'texts'])
  })

  it('passes the schema that editors use', () => {
    const ajv = new Ajv({ strict: false })
    formats.default(ajv)
    const valid = ajv.compile(JSON.parse(read('config/sync.schema.json')))
    expect(valid(parse(read('sync.config.example.json'))) || valid.errors).toBe(true)
  })
})
