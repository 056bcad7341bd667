import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../../proof/mutants/list.ts'
import { mutate } from '../../proof/mutants/mutant.ts'

describe('mutants', () => {
  it('are at least 40, each with a name of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  })

  it.each(MUTANTS)('$name finds the mechanism that it removes', (mutant) => {
    const text = readFileSync(new URL(`../../${mutant.file}`, import.meta.url), 'utf8')
    expect(mutate(mutant, text)).not.toBe(text)
  })
})
