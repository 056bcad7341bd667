import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Next } from '../../../../src/cli/migrate-next.ts'
import { reconcileFormatOf } from '../../../../src/cli/reconcile-format.ts'
import { freezeText } from '../../../../src/cli/views/freeze-text.ts'
import { reconcileText } from '../../../../src/cli/views/reconcile-text.ts'
import { screenOf } from '../../../../src/cli/views/screen.ts'
import { undoMoveText } from '../../../../src/cli/views/undo-move-text.ts'
import type { FreezeReport, ReconcileReport, UndoMoveReport } from '../../../../src/model/index.ts'

const screen = screenOf(120, false)

const run = { run: 'r4', from: 'old', to: 'new', at: '2026-03-02T09:00:00Z', requests: { read: 3, write: 0, check: 1 } }
/** As `migrate-next.ts` makes it of a command without options. */
const next: Next = {
  decides: false,
  again: (...words) => ['skiff migrate old new', ...words].join(' '),
  command: (...words) => ['skiff', ...words].join(' '),
}

const reads = { read: 5, write: 0, check: 1 }

const counts = {
  resource: 'products',
  old: 12,
  new: 13,
  linked: 12,
  created: 11,
  adopted: 1,
  onlyOld: 0,
  onlyNew: 1,
  compared: 480,
  differs: 0,
  agreed: 0,
}

const equal: ReconcileReport = {
  ...run,
  state: 'complete',
  exit: 0,
  resources: [counts],
  differences: [],
  agreed: [],
  refused: [{ resource: 'order_refunds', rows: 3, what: 'refunds <of> orders', instead: 'keep the old books' }],
  pictures: [],
  seed: 7,
  reads,
}

const apart: ReconcileReport = {
  ...equal,
  state: 'partial',
  exit: 5,
  resources: [{ ...counts, differs: 30 }],
  differences: Array.from({ length: 30 }, (_none, at) => ({
    resource: 'products',
    key: { old: String(at), new: String(at + 100) },
    label: `<b>Vase & "mug" ${at}</b>`,
    field: 'price',
    old: '10',
    new: '12.5',
    why: 'changed in the new store since',
  })),
  pictures: [
    {
      resource: 'product_images',
      key: { old: '1', new: '2' },
      label: 'Vase',
      place: 1,
      old: { type: 'image/png', bytes: 1200 },
      new: null,
      verdict: 'differs',
    },
  ],
}

describe('the comparison of two stores', () => {
  it('says in words that they are equal', () => {
    expect(reconcileText(equal, screen, next)).toContain('Equal: every value that the migration carries is the same')
    expect(reconcileFormatOf('check.html')(equal)).toContain('<strong>Equal.</strong>')
    const left = { ...equal, resources: [{ ...counts, agreed: 3 }] }
    for (const said of [reconcileText(left, screen, next), reconcileFormatOf('page.html')(left)])
      expect(said).toContain('is the same in both stores, but for 3 values left to differ by agreement.')
  })

  it('names what nobody could carry over with its count, because a person signs for that too', () => {
    const page = reconcileFormatOf('check.html')(equal)
    expect(page).toContain('<h2>What the API lets nobody carry over</h2>')
    expect(page).toMatch(
      /<td>order_refunds<\/td><td class="number">3<\/td><td>refunds &#60;of&#62; orders<\/td><td>keep the old books<\/td>/,
    )
    expect(reconcileText(equal, screen, next)).toContain(
      'order_refunds (3): refunds <of> orders. Instead: keep the old books.',
    )
    const nothing = reconcileFormatOf('check.html')({ ...equal, refused: [] })
    expect(nothing).toContain('<h2>What the API lets nobody carry over</h2>\n<p>Nothing.</p>')
  })

  it('shows the first differences at a terminal, and all of them on the page', () => {
    const text = reconcileText(apart, screen, next)
    expect(text).toContain('30 differences')
    expect(text).toContain('and 10 more')
    expect(text).toContain(
      '1 picture looked at: 0 the same, 1 not, the same ones again: skiff migrate old new --verify --seed 7',
    )
    expect(reconcileText(apart, screen, next, true)).not.toContain('more;')
    const page = reconcileFormatOf('check.html')(apart)
    expect(page.match(/changed in the new store since/g)).toHaveLength(30)
    expect(page).toContain('<strong>Not equal.</strong> 30 differences and 1 picture of the sample')
  })

  it('makes a page that takes names as text, runs no script, and names the hash of the JSON beside it', () => {
    const page = reconcileFormatOf('check.HTML')(apart)
    expect(page).not.toContain('<b>Vase')
    expect(page).not.toContain('<script')
    expect(page).toContain("default-src 'none'")
    const json = reconcileFormatOf('check.json')(apart)
    expect(JSON.parse(json)).toEqual(apart)
    expect(page).toContain(createHash('sha256').update(json).digest('hex'))
  })

  it('has a page that marks rows which only the old store has, unless they stay behind on purpose', () => {
    const page = (differs: number) =>
      reconcileFormatOf('page.html')({ ...equal, resources: [{ ...counts, onlyOld: 5, differs }] })
    expect(page(5)).toContain('<td class="number alarm">5</td>')
    expect(page(0)).not.toContain('alarm"')
  })

  it('has a page on which each table has heads, and a place for name, date and signature', () => {
    const page = reconcileFormatOf('check.html')(apart)
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<thead>/g)?.length)
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<caption>/g)?.length)
    for (const word of ['Name', 'Date', 'Signature']) expect(page).toContain(`<dt>${word}</dt>`)
  })

  it('is written under no other name than one of a page or of JSON', () => {
    expect(() => reconcileFormatOf('check.pdf')).toThrow(/tells no format/)
  })
})

describe('the view of a freeze', () => {
  const still: FreezeReport = { ...run, state: 'complete', exit: 0, resources: [], rows: [], told: [], reads }

  it('says that nothing changed, or what did and what to do', () => {
    expect(freezeText(still, screen, next)).toContain('Nothing changed since the last copy.')
    const text = freezeText(
      {
        ...still,
        state: 'partial',
        exit: 5,
        resources: [{ resource: 'products', rows: 12, added: 0, changed: 1, gone: 1, told: 1 }],
        rows: [
          {
            resource: 'products',
            what: 'changed',
            key: { old: '7', new: '107' },
            label: 'Vase',
            fields: [{ field: 'price', was: '10', now: '12' }],
          },
          { resource: 'products', what: 'gone', key: { old: '8', new: '108' }, label: 'Mug', fields: [] },
        ],
        told: [{ resource: 'products', key: { old: '9', new: '109' }, label: 'Jug', reason: 'gone from the old one' }],
      },
      screen,
      next,
    )
    expect(text).toMatch(/changed +products +7 +Vase +price +10 +12/)
    expect(text).toMatch(/gone +products +8 +Mug +whole row/)
    expect(text).toMatch(/What the last copy told already \(1\)[\s\S]*products +9 +109 +Jug +gone from the old one/)
    expect(text).toContain('Next: skiff migrate old new')
  })
})

describe('the view of the undo of a migration', () => {
  const { at: _at, ...about } = run
  const report: UndoMoveReport = {
    ...about,
    state: 'waiting',
    exit: 3,
    dry: true,
    resources: [{ resource: 'products', remove: 1, inside: 2, stays: 1, before: 3, gone: 0, removed: 0 }],
    rows: [
      { resource: 'products', key: '107', label: 'Vase', state: 'to-remove', reason: null },
      { resource: 'products', key: '108', label: 'Mug', state: 'stays', reason: 'price was changed since' },
    ],
    unseen: ['orders'],
  }

  it('says before anything is deleted what would be and what would not, and that a name is needed', () => {
    const text = undoMoveText(report, screen, next)
    expect(text).toContain('To be deleted: 1 row')
    expect(text).toMatch(/products +108 +Mug +price was changed since/)
    expect(text).toContain('Not looked at, because the "resources" of new do not name them: orders')
    expect(text).toContain('Nothing was deleted. Deleted rows of new cannot be brought back; type its name to do it.')
    expect(text).toContain('Next: skiff migrate old new --undo --confirm new')
    expect(undoMoveText(report, screen, null)).not.toContain('Next:')
  })

  it('says afterwards how many were, and why it stopped', () => {
    const [first] = report.rows
    const error = { code: 'blocked', message: 'the store said no', where: null, hint: null }
    const text = undoMoveText(
      { ...report, dry: false, rows: first ? [{ ...first, state: 'removed' }] : [], error },
      screen,
      next,
    )
    expect(text).toContain('deleted')
    expect(text).not.toContain('To be deleted')
    expect(text).toContain('Stopped: the store said no')
  })
})
