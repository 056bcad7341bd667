import { describe, expect, it } from 'vitest'
import type { Next } from '../../../../src/cli/migrate-next.ts'
import { forecastText, migrationText } from '../../../../src/cli/views/migrate-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import type { MigrateReport } from '../../../../src/model/index.ts'

const screen = screenOf(120, false)
const none = { read: 0, write: 0, check: 0 }
const report: MigrateReport = {
  run: 'r4',
  from: 'old',
  to: 'new',
  state: 'complete',
  exit: 0,
  requests: none,
  reads: none,
  resources: [],
  left: [],
  refused: [],
  unmet: [],
  undated: ['categories', 'brands'],
  unread: [{ resource: 'brands', key: '7', reason: 'name is no text' }],
}

const COST = { scopes: ['store_v2_products'], reading: { requests: 9, seconds: 1 }, cost: { requests: 0, seconds: 0 } }
/** As `migrate-next.ts` makes it of a command without options. */
const next: Next = {
  decides: false,
  again: (...words) => ['skiff migrate old new', ...words].join(' '),
  command: (...words) => ['skiff', ...words].join(' '),
}

describe('the views of a migration', () => {
  it('name rows of the new store that could not be read', () => {
    const plan = { ...report, ...COST, resources: [] }
    for (const text of [migrationText(report, screen, next), forecastText(plan, screen, next)])
      expect(text).toMatch(/new has 1 row that could not be read[\s\S]*brands 7: name is no text/)
    expect(migrationText({ ...report, unread: [] }, screen, next)).not.toContain('could not be read')
  })

  it('name, where a time is said, the resources that are compared as a whole, and say nothing where there are none', () => {
    const plan = { ...report, ...COST, resources: [] }
    for (const text of [migrationText(report, screen, next), forecastText(plan, screen, next)])
      expect(text).toContain('--since: categories, brands tell no time of change, so all of their rows are compared')
    expect(migrationText({ ...report, undated: [] }, screen, next)).not.toContain('--since')
  })

  it('name before the approval what the token needs, and after a stop what to do', () => {
    const plan = { ...report, ...COST, resources: [] }
    expect(forecastText({ ...plan, state: 'waiting' }, screen, next)).toContain('allowed to modify store_v2_products;')
    expect(forecastText(plan, screen, next)).not.toContain('allowed')
    const error = { code: 'blocked', message: 'the store said no', where: null, hint: 'ask it again' }
    expect(migrationText({ ...report, error }, screen, next)).toMatch(/Stopped: the store said no\n +ask it again/)
  })

  it('lead to the choice of what becomes of existing rows before anything is written', () => {
    const there = { resource: 'brands', rows: 2, standing: 0, existing: { name: 1 }, create: 1, inside: 0, update: 0 }
    const forecast = { ...there, conflicts: 0, left: 0, requests: 1 }
    const plan = { ...report, ...COST, state: 'waiting' as const, resources: [forecast] }
    expect(forecastText(plan, screen, next)).toContain('Next: skiff migrate old new --existing adopt --plan')
    expect(forecastText(plan, screen, { ...next, decides: true })).toContain('Next: skiff migrate old new --yes')
  })
})
