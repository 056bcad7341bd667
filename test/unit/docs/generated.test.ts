import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { documents } from '../../../tools/docs/index.ts'

describe('generated pages', async () => {
  it.each(Object.entries(await documents()))('%s is what `npm run docs` writes', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text)
  })
})
