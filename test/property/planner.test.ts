import { describe, it } from 'vitest'
import { PROPERTIES } from '../../proof/planner/properties.ts'

const CASES = 20_000

describe('the planner, over any shop and feed', () => {
  it.each(PROPERTIES)('$name', { timeout: 60_000 }, ({ check }) => check(CASES / PROPERTIES.length, 1))
})
