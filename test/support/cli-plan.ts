import type { Change, FieldChange, Plan } from '../../src/model/index.ts'

export const fieldChange = (change: Partial<FieldChange> = {}): FieldChange => ({
  field: 'price',
  from: '225',
  to: '199.95',
  base: '225',
  owner: 'source',
  ...change,
})

export const change = (facts: Partial<Change> = {}): Change => ({
  id: 1,
  action: 'update',
  side: 'store',
  resource: 'skus',
  key: { sku: 'ABS' },
  fields: [fieldChange()],
  entity: { product_id: 1, variant_id: 2 },
  label: null,
  line: 2,
  ...facts,
})

/** A plan of one price change, with whatever a test wants otherwise. */
export const planOf = (facts: Partial<Plan> = {}): Plan => ({
  plan: 'p7',
  sync: 'prices',
  store: 'main',
  hash: 'h',
  created: '2026-03-01T12:00:00Z',
  expires: '2026-03-02T12:00:00Z',
  binding: { config: 'c', lineage: 'l', snapshot: 's', pull: 1, tool: '0.1.0' },
  summary: { create: 0, update: 1, remove: 0, writeBack: 0, conflict: 0, held: 0, rejected: 0, unchanged: 9985 },
  matched: 9986,
  firstContact: 0,
  cost: { requests: 3, seconds: 0.6, endpoints: [{ endpoint: 'PUT /v3/catalog/variants', requests: 3, rows: 120 }] },
  guards: [{ guard: 'maxPriceChange', verdict: 'ok', detail: 'largest change 12.5 %' }],
  facts: {
    owned: 9986,
    storeRows: 9986,
    matched: 9986,
    inStock: 0,
    identity: null,
    source: {
      lines: 9986,
      unreadable: 2,
      rows: 9986,
      known: 9986,
      baseKept: 0,
      baseKeys: 0,
      lastRows: null,
      creates: false,
      ageMs: null,
      sentinels: [],
      columns: {},
      lastColumns: null,
    },
  },
  allowed: [],
  automatic: false,
  notes: [],
  changes: [change()],
  held: [],
  rejected: [],
  ...facts,
})
