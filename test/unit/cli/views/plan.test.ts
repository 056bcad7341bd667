import { createHash } from 'node:crypto'
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { planCsv } from '../../../../src/cli/views/plan-csv.ts'
import { planHtml } from '../../../../src/cli/views/plan-html.ts'
import { planText } from '../../../../src/cli/views/plan-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import { change, fieldChange, planOf } from '../../../support/cli-plan.ts'

const screen = screenOf(80, false)
const price = (id: number, from: string, to: string) =>
  change({ id, key: { sku: `S${id}` }, fields: [fieldChange({ from, to })] })

describe('a plan as text', () => {
  it('tells counts, cost, guards, changes with their percentage, and the next step', () => {
    const text = planText(planOf(), screen)
    expect(text).toContain('Plan p7: sync prices, store main')
    expect(text).toContain('~ 1 update   = 9,985 unchanged')
    expect(text).toContain("3 requests, about 0.6 s at this store's quota")
    expect(text).toMatch(/ok\s+1 guard/)
    expect(text).toContain('price  225 -> 199.95  (-11.13 %)')
    expect(text.trimEnd().endsWith('Next: skiff push p7')).toBe(true)
  })

  it('U7: leads with the largest movements and leaves out the rest until details are asked for', () => {
    const changes = Array.from({ length: 30 }, (_, index) => price(index + 1, '100', String(101 + index)))
    const text = planText(planOf({ changes }), screen)
    expect(text.indexOf('S30')).toBeLessThan(text.indexOf('S29'))
    expect(text).not.toContain('S1\n')
    expect(text).toContain('and 18 more; --details shows all')
    expect(planText(planOf({ changes }), screen, true)).toContain('S1\n')
  })

  it('gives no percentage to text that looks like a number', () => {
    const upc = change({ fields: [fieldChange({ field: 'upc', from: '100', to: '200' })] })
    expect(planText(planOf({ changes: [upc] }), screen)).toContain('upc  100 -> 200\n')
  })

  it('says what blocks it and how to let it pass', () => {
    const guards = [
      { guard: 'maxChanges', verdict: 'blocked', detail: '50 %', allow: '--allow maxChanges=50%' },
    ] as const
    const text = planText(planOf({ guards }), screen)
    expect(text).toContain('Blocked by maxChanges. If this is what you want: skiff plan prices --allow maxChanges=50%')
    expect(text).not.toContain('skiff push')
    const copy = planText(planOf({ guards, sync: 'migrate.old.new.products' }), screen)
    expect(copy).toContain('If this is what you want: skiff migrate old new --allow maxChanges=50%')
  })

  it('repeats what was allowed already, because the next plan asks for it again', () => {
    const guards = [{ guard: 'maxChanges', verdict: 'blocked', detail: '50 %', allow: '--allow maxChanges' }] as const
    const text = planText(planOf({ guards, allowed: ['maxPriceChange', 'maxChanges=40%'] }), screen)
    expect(text).toContain('skiff plan prices --allow maxPriceChange --allow maxChanges')
    expect(text).not.toContain('40%')
  })

  it('names the guards that let it pass only when asked for details', () => {
    const guards = [
      { guard: 'maxChanges', verdict: 'ok', detail: '1 %' },
      { guard: 'maxDeletes', verdict: 'ok', detail: '0 of 9' },
      { guard: 'sourceAge', verdict: 'warn', detail: '3 days old' },
    ] as const
    const short = planText(planOf({ guards }), screen)
    expect(short).toMatch(/warn +sourceAge +3 days old/i)
    expect(short).toMatch(/ok +2 guards/)
    expect(short).not.toContain('maxChanges')
    expect(planText(planOf({ guards }), screen, true)).toMatch(/ok +maxChanges +1 %\nok +maxDeletes/)
  })

  it('lists held and rejected rows with their reasons', () => {
    const text = planText(
      planOf({
        held: [{ ...price(2, '10', '99'), guard: 'maxPriceChange', reason: 'moves by 890 %' }],
        rejected: [{ row: 17, column: 'Price', value: '12,9O', reason: 'not a number' }],
      }),
      screen,
    )
    expect(text).toContain('maxPriceChange: moves by 890 %')
    expect(text).toContain('row 17  Price "12,9O"  not a number')
  })

  it('fits the width of the screen', () => {
    const wide = change({
      key: { sku: 'K'.repeat(200) },
      label: 'L'.repeat(200),
      fields: [fieldChange({ field: 'name', from: 'a'.repeat(300), to: 'b'.repeat(300) })],
    })
    const guards = [{ guard: 'maxChanges', verdict: 'ok', detail: 'd'.repeat(300) }] as const
    for (const line of planText(planOf({ changes: [wide], guards }), screenOf(60, false), true).split('\n')) {
      expect(line.length, line).toBeLessThanOrEqual(60)
    }
  })

  it('S25: passes on nothing that steers a terminal', () => {
    const evil = change({ key: { sku: 'A\u001b[2J\u009b31mB\u202e' }, label: '\u0007bell' })
    const rejected = [{ row: 1, column: 'P\u001b[0m', value: '\u001b]0;x\u0007', reason: 'odd' }]
    const text = planText(planOf({ changes: [evil], rejected }), screen)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  })
})

describe('a plan as CSV', () => {
  const rows = (text: string): Record<string, string>[] => parse(text, { columns: true })

  it('has one line a field, and lines for held and rejected rows', () => {
    const two = change({ fields: [fieldChange(), fieldChange({ field: 'cost_price', from: null, to: '9' })] })
    const text = planCsv(
      planOf({
        changes: [two],
        held: [{ ...price(2, '10', '99'), guard: 'maxPriceChange', reason: 'moves by 890 %' }],
        rejected: [{ row: 17, column: 'Price', value: '12,9O', reason: 'not a number' }],
      }),
    )
    expect(rows(text)).toMatchObject([
      { action: 'update', key: 'ABS', field: 'price', from: '225', to: '199.95', percent: '-11.13' },
      { action: 'update', field: 'cost_price', from: '', to: '9', percent: '' },
      { action: 'held', key: 'S2', guard: 'maxPriceChange', reason: 'moves by 890 %' },
      { action: 'rejected', field: 'Price', to: '12,9O', reason: 'not a number', source_line: '17' },
    ])
  })

  it('D30: lets no cell become a formula', () => {
    const evil = change({
      label: '=HYPERLINK("x")',
      fields: [fieldChange({ field: 'name', from: '-5', to: '@SUM(A1)' })],
    })
    expect(rows(planCsv(planOf({ changes: [evil] })))[0]).toMatchObject({
      label: `'=HYPERLINK("x")`,
      from: '-5',
      to: "'@SUM(A1)",
    })
  })
})

describe('a plan as a page', () => {
  it('S11, D34: escapes everything that comes from outside', () => {
    const evil = change({ key: { sku: '<script>alert(1)</script>' }, label: '"><img src=x onerror=y>' })
    const page = planHtml(planOf({ changes: [evil], notes: ['<b>note</b>'] }))
    expect(page).not.toContain('<script>alert')
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<b>note')
    expect(page).toContain('&#60;script&#62;alert(1)')
  })

  it('allows its own script and style by their hashes and nothing else', () => {
    const page = planHtml(planOf())
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? ''
    expect(policy).toContain("default-src 'none'")
    for (const tag of ['script', 'style']) {
      const text = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page)?.[1] ?? ''
      expect(policy).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    }
    expect(page).not.toMatch(/ style=| on\w+=|https?:/)
  })

  it('shows held rows and a percentage that sorts as a number', () => {
    const held = [{ ...price(2, '0', '99'), guard: 'maxPriceChange', reason: 'moves too far' } as const]
    const page = planHtml(planOf({ held }))
    expect(page).toContain('data-sort="-11.13">-11.13 %')
    expect(page).toContain('>from 0<')
    expect(page).toContain('maxPriceChange: moves too far')
  })
})
