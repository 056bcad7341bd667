import { z } from 'zod'
import { ROW_FORMATS } from '../../src/app/index.ts'
import { NOTICE_EVENTS } from '../../src/app/settings/types.ts'
import { DRIFT, type DriftCause, EXIT, GUARD_NAMES, SIGN, type Value } from '../../src/model/index.ts'
import { RULES } from '../../src/sources/doctor/finding.ts'

// The compiler compares these with the types of the reports, in the contract test of the documents.

const value = z.custom<Value>().describe('Any JSON value; amounts are exact decimal text.')
const values = z.record(z.string(), value)
const count = z.int().min(0)
const moment = z.string().describe('UTC, ISO-8601.')

const requests = z
  .strictObject({ read: count, write: count, check: count })
  .describe('Requests by purpose; "check" re-reads before and verifies after writing.')

const exit = z.literal(Object.values(EXIT)).describe('The exit code of the process.')

const run = {
  run: z.string().describe('Number of the run, such as "r12".'),
  state: z
    .enum(['complete', 'complete-with-rejects', 'partial', 'blocked', 'waiting', 'interrupted', 'failed'])
    .describe('How the run ended; green is "complete" only.'),
  exit,
  requests,
}

const resourcePull = z.strictObject({
  resource: z.string(),
  rows: count.describe('Rows met.'),
  added: count,
  changed: count,
  removed: count,
  complete: z.boolean(),
  expected: count.nullable().describe('Rows that the store said it has; null where it does not tell.'),
})

const pull = z.strictObject({
  ...run,
  store: z.string(),
  full: z.boolean(),
  resources: z.array(resourcePull),
  unread: z
    .array(z.strictObject({ resource: z.string(), key: z.string(), reason: z.string() }))
    .describe('Rows of the store that could not be read when they were met last, and why.'),
  nextFull: z
    .array(
      z.strictObject({
        resource: z.string(),
        due: moment.describe('The first pull from then on reads everything.'),
        requests: count.describe('Requests that it takes, at the number of rows there are now.'),
      }),
    )
    .describe('When everything is read again, to meet the edits that the store does not date.'),
})

const owner = z.enum(['source', 'store', 'both'])
const guard = z.enum(GUARD_NAMES)

const fieldChange = z.strictObject({
  field: z.string(),
  from: value.describe('What the written side holds now.'),
  to: value,
  base: value.describe('What both sides last agreed on; null at first contact.'),
  owner,
  drift: z.literal(true).exactOptional().describe('The store moved away from the base and is put right.'),
  other: value.exactOptional().describe('What the side that is not written holds, where that is not the new value.'),
  resolves: z.string().exactOptional().describe('The conflict that a person decided this way, such as "c3".'),
  asOf: moment.exactOptional().describe('When a stock figure was true.'),
  moved: z.string().exactOptional().describe('Why the store’s stock may have moved since then.'),
  note: z.string().exactOptional().describe('Remark for people, such as "breaks inheritance".'),
})

const changeShape = {
  id: z.int().min(1).describe('From 1, in the order of the plan.'),
  action: z.enum(Object.keys(SIGN) as [keyof typeof SIGN, ...(keyof typeof SIGN)[]]),
  side: z.enum(['store', 'source']).describe('The side that is written.'),
  resource: z.string(),
  key: values,
  fields: z.array(fieldChange),
  entity: values.describe('Ids of the row in the store; empty for a create.'),
  label: z.string().nullable().describe('For people, such as the name of the product.'),
  line: z.int().nullable().describe('Line of the source row.'),
  floor: z
    .strictObject({ field: z.string(), value: z.string() })
    .exactOptional()
    .describe('The highest of the row’s own limits that no price may go below.'),
  paid: z
    .string()
    .exactOptional()
    .describe('What buyers pay for the row now, where a price is set that was not set before.'),
  nested: z
    .record(z.string(), z.array(values))
    .exactOptional()
    .describe('Of a create: rows that are made with it, by resource, such as the variants of a product.'),
  follow: z
    .record(z.string(), z.array(values))
    .exactOptional()
    .describe('Of a create: rows that are made once it is there, by resource, such as the channels of a product.'),
  adds: z.literal(true).exactOptional().describe('The source has no such row and gets one.'),
  forget: z.literal(true).exactOptional().describe('Once it is done, nothing is agreed on the row any more.'),
}

const rejection = z.strictObject({
  row: z.int(),
  column: z.string(),
  value: z.string(),
  reason: z.string(),
  key: values.exactOptional(),
})

const summary = z
  .strictObject({
    create: count,
    update: count,
    remove: count,
    writeBack: count,
    conflict: count,
    held: count,
    rejected: count,
    unchanged: count,
  })
  .describe('Counts of keys, not of fields.')

const verdict = z.strictObject({
  guard,
  verdict: z.enum(['ok', 'warn', 'held', 'blocked', 'off', 'allowed']),
  detail: z.string().describe('A sentence with the figure that decided.'),
  allow: z.string().exactOptional().describe('What to type to let it pass.'),
})

const cost = z.strictObject({
  requests: count.describe('Requests that write.'),
  seconds: z.number().min(0).describe('At the store’s quota, as last seen.'),
  endpoints: z.array(z.strictObject({ endpoint: z.string(), requests: count, rows: count })),
})

const binding = z
  .strictObject({
    config: z.string(),
    lineage: z.string(),
    snapshot: z.string(),
    pull: z.int(),
    tool: z.string(),
  })
  .describe('What the plan was made from; a push refuses when it is no longer so.')

const columnShapes = z.record(
  z.string(),
  z.strictObject({
    rows: count,
    blanks: count,
    distinct: count,
    numbers: count,
    whole: count,
    median: z.number().nullable(),
  }),
)

const facts = z
  .strictObject({
    owned: count,
    storeRows: count,
    matched: count,
    inStock: count,
    identity: z.string().nullable(),
    source: z
      .strictObject({
        lines: count,
        unreadable: count,
        rows: z.int(),
        known: count,
        baseKept: count,
        baseKeys: count,
        lastRows: count.nullable(),
        creates: z.boolean(),
        mayBeEmpty: z.literal(true).exactOptional().describe('Its rows are parts of others, which may have none.'),
        ageMs: z.number().nullable(),
        sentinels: z.array(z.strictObject({ key: z.string(), fault: z.string().nullable() })),
        columns: columnShapes.describe('By field, over a sample of the rows.'),
        lastColumns: columnShapes.nullable().describe('Of the last accepted snapshot.'),
        since: z.string().exactOptional().describe('Only rows changed since this watermark were read.'),
        stock: z
          .strictObject({
            oldest: moment,
            newest: moment,
            line: z.int().nullable().describe('Of the oldest; null where all rows have the file’s time.'),
            reduced: count.describe('Rows from whose figure orders were subtracted.'),
            taken: count.describe('Pieces that were subtracted.'),
            unknown: count.describe('Rows of which nobody can say whether their stock moved since.'),
          })
          .exactOptional()
          .describe('When the stock figures were true.'),
      })
      .nullable()
      .describe('Null where the plan is made from no source.'),
  })
  .describe('What the guards weighed the changes against.')

const planShape = {
  plan: z.string().describe('Its id, such as "p7".'),
  sync: z.string(),
  store: z.string(),
  hash: z.string().describe('Over everything but the id.'),
  created: moment,
  expires: moment,
  binding,
  summary,
  matched: count.describe('Keys that the source and the store both hold.'),
  firstContact: count.describe('Rows without a base: the first time that both sides meet.'),
  cost,
  guards: z.array(verdict),
  facts,
  allowed: z.array(z.string()).describe('Guards that were let pass or moved, as after --allow.'),
  automatic: z.boolean().describe('Made for a run that nobody looks at first.'),
  origin: z.string().exactOptional().describe('What it was made for: "undo r12", "resolve c3".'),
  waits: z.string().exactOptional().describe('Why a person has to look at it first.'),
  notes: z.array(z.string()),
  changes: z.array(z.strictObject(changeShape)),
  held: z
    .array(z.strictObject({ ...changeShape, guard, reason: z.string() }))
    .describe('Rows that a guard keeps back.'),
  rejected: z.array(rejection).describe('Source rows that take no part.'),
}

const plan = z.strictObject(planShape)
const planRun = z.strictObject({ ...planShape, ...run })

const rowState = z.enum(['planned', 'approved', 'intent', 'unknown', 'applied', 'skipped', 'failed', 'held'])

const rowResult = z.strictObject({
  id: z.int().min(1).describe('Of the change in the plan.'),
  key: values,
  state: rowState,
  reason: z.string().nullable(),
})

const failureShape = z.strictObject({
  code: z.string().describe('One of the codes in errors.md.'),
  message: z.string(),
  where: z.string().nullable(),
  hint: z.string().nullable(),
})

const rowsShape = {
  ...run,
  plan: z.string(),
  sync: z.string(),
  store: z.string(),
  counts: z.strictObject({ applied: count, skipped: count, failed: count, held: count }),
  rows: z.array(rowResult),
}

const pushShape = {
  ...rowsShape,
  open: z
    .strictObject({ rows: count, since: moment.nullable().describe('Of the oldest; null when there is none.') })
    .describe('Rows that the sync has left open, those of earlier runs included.'),
  error: failureShape.exactOptional().describe('Why it stopped early.'),
}

const push = z.strictObject(pushShape)
const syncShape = {
  ...pushShape,
  pull: pull.nullable().describe('Null where an earlier sync of the same run has read what this one needs.'),
  summary,
  guards: z.array(verdict),
}
const sync = z.strictObject({
  ...syncShape,
  parts: z
    .array(z.strictObject(syncShape))
    .exactOptional()
    .describe('What became of the parts of its rows, for each child resource; the state above is the worst of all.'),
})

const cause = z.enum(Object.keys(DRIFT) as [DriftCause, ...DriftCause[]])
const changeState = rowResult.shape.state

const verify = z.strictObject({
  ...run,
  store: z.string(),
  syncs: z.array(z.string()).describe('Empty where every resource was compared with the mirror alone.'),
  sampled: count.describe('Rows that were compared.'),
  of: count.describe('Rows that the mirror has of the same kind.'),
  seed: z.int().nullable().describe('What --seed gives the same sample again; null where every row was compared.'),
  drift: z.partialRecord(cause, count).describe('Fields, or whole rows, by cause.'),
  rows: z
    .array(
      z.strictObject({
        cause,
        sync: z.string().nullable(),
        resource: z.string(),
        key: values,
        label: z.string().nullable(),
        field: z.string().nullable().describe('Null where it is the whole row.'),
        store: value.exactOptional(),
        mirror: value.exactOptional(),
        base: value.exactOptional().describe('What the store held when both sides last agreed.'),
        source: value.exactOptional(),
      }),
    )
    .describe('The first 10,000; the counts are of all.'),
  unsettled: count.describe('Fields written so lately that a reading says nothing about them.'),
  mirror: z.strictObject({
    damage: z.string().nullable().describe('What is wrong with the file; null when it is sound.'),
    altered: z.int().nullable().describe('The first entry of the journal that was altered; null when it is whole.'),
    open: z.array(z.strictObject({ plan: z.string(), change: z.int(), state: changeState })),
  }),
  notes: z.array(z.string()),
})

const refused = z
  .array(
    z.strictObject({
      resource: z.string(),
      rows: count.describe('Of the old store, that it concerns.'),
      what: z.string(),
      instead: z.string().describe('What to do about it.'),
    }),
  )
  .describe('What the API lets nobody carry over.')

const migrationShape = {
  ...run,
  from: z.string(),
  to: z.string(),
  left: z
    .array(z.strictObject({ resource: z.string(), key: z.string(), label: z.string().nullable(), reason: z.string() }))
    .describe('Rows of the old store that stay behind, wholly or in part; the parts of a key are joined by a tab.'),
  refused,
  unmet: z
    .array(z.strictObject({ resource: z.string(), name: z.string() }))
    .describe('Names in the file of --map that no row of the old store has.'),
  undated: z
    .array(z.string())
    .describe('With --since: resources that tell no time of change, of which all rows are compared.'),
  unread: z
    .array(z.strictObject({ resource: z.string(), key: z.string(), reason: z.string() }))
    .describe('Rows of the new store that could not be read, so that nothing is known of them.'),
  reads: requests.describe('What reading the old store took; "requests" are those to the new one.'),
}

const migration = z.strictObject({
  ...migrationShape,
  resources: z.array(
    z.strictObject({
      resource: z.string(),
      rows: count.describe('Of the old store.'),
      created: count,
      adopted: count.describe('Rows that the new store had already, and that stand for old ones from now on.'),
      updated: count,
      conflicts: count.describe('Fields that both stores changed since the last copy.'),
      failed: count,
      left: count,
    }),
  ),
  error: failureShape.exactOptional().describe('Why it stopped early.'),
})

const migrationPlan = z.strictObject({
  ...migrationShape,
  resources: z.array(
    z.strictObject({
      resource: z.string(),
      rows: count.describe('Of the old store.'),
      standing: count.describe('Rows that are copied already.'),
      existing: z.record(z.string(), count).describe('Rows that the new store has already, by the fields that told.'),
      create: count,
      inside: count.describe('Of those, rows that come with another one in its request.'),
      update: count,
      conflicts: count,
      left: count,
      requests: count.describe('That write, those that put right included what a new row’s own request cannot say.'),
    }),
  ),
  reading: z
    .strictObject({ requests: count, seconds: count.describe('At the old store’s quota.') })
    .describe('What reading the old store took.'),
  scopes: z.array(z.string()).describe('OAuth scopes that the new store’s token needs, with the right to modify.'),
  cost: z.strictObject({
    requests: count.describe('That write.'),
    seconds: count.describe('At the new store’s quota, with what is looked at and waited for in between.'),
  }),
})

const rehearsal = z.strictObject({
  ...rowsShape,
  predicted: z
    .strictObject({
      requests,
      seconds: z.number().min(0),
      endpoints: z.array(z.strictObject({ endpoint: z.string(), requests: count })),
      quota: count.describe('Requests in a window of the store’s quota.'),
      windowMs: count,
      quotaUsed: z.number().min(0).describe('Requests as a part of one window’s quota: 0.5 is half of it.'),
      medianMs: count.describe('Of one request.'),
      p95Ms: count,
      isLearned: z.boolean().describe('False where no run has measured the store yet, so the time is a guess.'),
    })
    .describe('What a push would take.'),
  error: failureShape.exactOptional().describe('Why the push would stop early.'),
  unseen: z.array(z.string()).describe('What may make the push come out otherwise.'),
})

const decision = z.strictObject({
  take: z.string().describe('"store", "source", or the value as it was written.'),
  value: value.describe('What it came to.'),
  by: z.string().describe('Who decided.'),
  at: moment,
  plan: z.string().nullable().describe('The last plan that carries it out.'),
})

const sideOfConflict = z.strictObject({
  value,
  changed: z.string().nullable().describe('When that side was last changed, as far as it tells; UTC, ISO-8601.'),
})

const conflicts = z.array(
  z.strictObject({
    id: z.string().describe('Such as "c3"; the same as long as it is open.'),
    store: z.string(),
    sync: z.string(),
    key: values,
    label: z.string().nullable().describe('For people, such as the name of the product.'),
    line: z.int().nullable().describe('Line of the source row.'),
    field: z.string(),
    base: value.describe('What both sides last agreed on; null at first contact.'),
    inStore: sideOfConflict,
    inSource: sideOfConflict,
    since: moment,
    plan: z.string().describe('The plan that saw it last.'),
    decision: decision.nullable().describe('What was decided and is not carried out yet.'),
    next: z.string().describe('What to type next.'),
  }),
)

const resolve = z.strictObject({
  ...run,
  sync: z.string(),
  store: z.string(),
  decided: z.array(z.strictObject({ conflict: z.string(), key: values, field: z.string(), value })),
  plan: z.string().nullable().describe('The plan that carries it out; null when nothing has to be written.'),
})

const planStory = z.strictObject({
  plan: z.string(),
  planState: z.enum(['open', 'approved', 'pushed', 'superseded', 'blocked']),
  created: moment,
  origin: z.string().nullable().describe('What it was made for: "undo r12", "resolve c3".'),
  action: z.string(),
  fields: z.array(z.strictObject({ field: z.string(), from: value, to: value, resolves: z.string().exactOptional() })),
  state: z.string().describe('Where the row stands; "held" and "rejected" are no part of the plan.'),
  guard: guard.nullable().describe('The guard that held the row.'),
  blocked: z.array(z.strictObject({ guard, detail: z.string() })).describe('Guards that blocked the plan as a whole.'),
  reason: z.string().nullable(),
  steps: z
    .array(z.strictObject({ run: z.string(), at: moment, from: rowState, to: rowState, evidence: values }))
    .describe('The journal of the row.'),
})

const explain = z.array(
  z.strictObject({
    sync: z.string(),
    key: values,
    line: z.int().nullable(),
    label: z.string().nullable(),
    rejected: z.string().nullable().describe('Why the row takes no part, when it does not.'),
    records: z
      .array(z.strictObject({ line: z.int(), cells: z.record(z.string(), z.string()) }))
      .describe('All records that the row is made of, where there are several.'),
    fields: z.array(
      z.strictObject({
        field: z.string(),
        owner: z.string(),
        column: z.string(),
        cell: z.string().nullable(),
        mapped: value.optional(),
        store: value,
        base: value.optional(),
        verdict: z.string(),
      }),
    ),
    recent: z.array(planStory).describe('What the last plans said of the key, newest first.'),
    conflicts: z.array(
      z.strictObject({
        id: z.string(),
        field: z.string(),
        base: value,
        inStore: value,
        inSource: value,
        since: moment,
        settled: z.string().nullable(),
        decision: decision.nullable(),
      }),
    ),
    history: z.array(z.strictObject({ field: z.string(), from: value, to: value, at: moment, run: z.string() })),
  }),
)

const failure = z.strictObject({
  error: failureShape,
})

const finding = z.strictObject({
  of: z.string().describe('What was looked at, such as "store main".'),
  what: z.string(),
  verdict: z.enum(['ok', 'note', 'warn', 'bad']),
  detail: z.string(),
  hint: z.string().nullable(),
  exit: exit.describe('What a run that needs it would leave with; 0 unless "bad".'),
})

const check = z.strictObject({ exit, findings: z.array(finding) })

const damage = z.strictObject({
  rule: z.enum(RULES).describe('What kind of thing is wrong.'),
  line: z.int().min(1).describe('That the record starts on.'),
  column: z.string().describe('Empty where it is the row as a whole.'),
  value: z.string().describe('The cell as it stands, cut after 200 characters.'),
  problem: z.string().describe('What is wrong, to follow "is".'),
  repair: z.string().nullable().describe('What the cell should say; null where a person must decide.'),
})

const numberFormat = z.strictObject({
  decimal: z.enum(['.', ',']),
  thousands: z.enum(['.', ',', ' ', "'"]).exactOptional(),
})

const mapping = z.strictObject({
  source: z.string(),
  store: z.string(),
  resource: z.string(),
  sync: z.string().describe('Name of the sync; no other has it.'),
  columns: z.array(
    z.strictObject({
      column: z.string(),
      field: z.string().nullable().describe('Null where nothing tells.'),
      isKey: z.boolean(),
      certainty: z.enum(['sure', 'guess']).nullable(),
      why: z.string(),
      examples: z.array(z.string()).describe('The first different cells.'),
      format: numberFormat.exactOptional().describe('How its numbers are written, where that has to be declared.'),
    }),
  ),
  notes: z.array(z.string()).describe('What could not be looked at, and why.'),
  section: z
    .strictObject({
      store: z.string(),
      resource: z.string(),
      source: z.string(),
      key: z.record(z.string(), z.string()),
      fields: z.record(z.string(), z.union([z.string(), z.strictObject({ from: z.string(), format: numberFormat })])),
    })
    .nullable()
    .describe('The sync as the configuration has it; null where it would have no key or no field.'),
  written: z.string().nullable().describe('The configuration that it was added to.'),
})

const doctor = z.strictObject({
  exit,
  source: z.string(),
  file: z.string(),
  rows: count,
  columns: z.array(z.string()),
  counts: z.partialRecord(z.enum(RULES), count).describe('All findings, by kind.'),
  repairable: count,
  copyable: z.boolean(),
  findings: z.array(damage).describe('In the order of the file; of each kind the first 1,000.'),
  notes: z.array(z.string()).describe('What could not be compared, and why.'),
  refused: z
    .strictObject({ message: z.string(), where: z.string().nullable(), hint: z.string().nullable() })
    .nullable()
    .describe('Why the file could not be read to its end.'),
  fixed: z
    .strictObject({ file: z.string(), cells: count, left: count.describe('What is still found in the copy.') })
    .nullable()
    .describe('The repaired copy, where one was asked for.'),
})

const report = z.strictObject({
  report: z.string(),
  title: z.string(),
  about: z.string(),
  store: z.string(),
  asOf: moment.describe('The oldest moment since which the rows behind it are true.'),
  days: z.int().nullable().describe('Length of the period; null where it looks at the present.'),
  chart: z.strictObject({ value: z.string(), labels: z.array(z.string()) }).nullable(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.unknown())),
})

const exported = z.strictObject({
  kind: z.enum(['query', 'resource', 'report']).describe('What the rows are.'),
  store: z.string(),
  file: z.string().describe('Absolute.'),
  format: z.enum(ROW_FORMATS),
  rows: count,
  bytes: count,
})

const step = z.strictObject({
  step: z.string().describe('As the configuration has it: "pull main".'),
  state: z.enum([...run.state.options, 'not-run']),
  exit: exit.nullable().describe('Null when it was not run.'),
  report: z.union([pull, sync, report]).nullable().describe('The document of the pull, sync or report.'),
  error: failure.shape.error.nullable(),
  reason: z.string().nullable().describe('Why it was not run.'),
})

const job = z.strictObject({
  ...run,
  run: z.string().describe('Number of the job’s run, such as "nightly-12".'),
  job: z.string(),
  scheduled: z.string().nullable().describe('The instant of the schedule that it was for; null when started by hand.'),
  started: moment,
  finished: moment,
  steps: z.array(step),
})

const backup = z.strictObject({
  store: z.string(),
  path: z.string().describe('The copy; `skiff restore PATH` puts it back.'),
  bytes: count,
  rows: count.describe('Of all tables of the mirror.'),
  journal: count.describe('The newest entry of the journal that it holds.'),
  at: moment,
  removed: z.array(z.string()).describe('Older copies that need not be kept any more.'),
  exit: z.literal(EXIT.done),
})

const restore = z.strictObject({
  store: z.string(),
  from: z.string().describe('The copy that is the mirror now.'),
  newestRun: z.string().nullable().describe('Start of the newest run that it knows, UTC.'),
  journal: count.describe('The newest entry of the journal that it holds.'),
  kept: z.string().nullable().describe('The file that was the mirror before; null when there was none.'),
  exit: z.literal(EXIT.done),
})

const emulator = z.strictObject({ url: z.string(), storeHash: z.string(), accessToken: z.string() })

const notice = z.strictObject({
  event: z.enum([...NOTICE_EVENTS, 'test']),
  subject: z.string(),
  text: z.string().describe('Plain text: what happened, and what to type next.'),
  next: z.array(z.string()).describe('Command lines.'),
  at: moment,
  job: z.string().nullable(),
  sync: z.string().nullable(),
  store: z.string().nullable(),
  run: z.string().nullable(),
  plan: z.string().nullable(),
  state: run.state.nullable(),
  exit: exit.nullable(),
})

/** The documents of `--json`, by the name of their schema. */
const keyPair = z
  .strictObject({ old: z.string().nullable(), new: z.string().nullable() })
  .describe('The row in both stores, several key fields joined by a tab; null where it has none.')

const storeDifference = z.strictObject({
  resource: z.string(),
  key: keyPair,
  label: z.string().nullable().describe('For people, such as the name of the product.'),
  field: z.string().nullable().describe('Null where it is the whole row.'),
  old: value.describe('What the old store says, with references to the new store’s rows.'),
  new: value,
  why: z.string(),
})

const pictureWeight = z
  .union([z.strictObject({ type: z.string(), bytes: count }), z.strictObject({ reason: z.string() })])
  .describe('What it is, or why nobody can tell.')

const reconcile = z.strictObject({
  ...run,
  from: z.string(),
  to: z.string(),
  at: moment,
  resources: z.array(
    z.strictObject({
      resource: z.string(),
      old: count.describe('Rows of the old store.'),
      new: count,
      linked: count.describe('Old rows that have one that stands for them.'),
      created: count.describe('Of those: made by the migration, alone or inside another row.'),
      adopted: count.describe('Of those: recognised.'),
      onlyOld: count,
      onlyNew: count,
      compared: count.describe('Values that were compared.'),
      differs: count.describe('Values, and whole rows, that are not the same.'),
      agreed: count.describe('Values that are not the same, as both stores agreed they may.'),
    }),
  ),
  differences: z.array(storeDifference).describe('The first 10,000; the resources count all.'),
  agreed: z.array(storeDifference).describe('The same of those that were agreed on.'),
  refused,
  pictures: z.array(
    z.strictObject({
      resource: z.string(),
      key: keyPair.describe('Of the row that it belongs to.'),
      label: z.string().nullable(),
      place: z.int().min(1).describe('In the order in which the store shows them.'),
      old: pictureWeight.nullable().describe('Null where the old store has none in that place.'),
      new: pictureWeight.nullable(),
      verdict: z.enum(['same', 'differs', 'unknown']),
    }),
  ),
  seed: z.number().describe('What --seed takes the same pictures again with.'),
  reads: requests.describe('Requests that reading the old store took.'),
})

const freeze = z.strictObject({
  ...run,
  from: z.string(),
  to: z.string(),
  at: moment,
  resources: z.array(
    z.strictObject({
      resource: z.string(),
      rows: count,
      added: count,
      changed: count,
      gone: count,
      told: count.describe('Rows that are as the last copy told them, and that another one does not carry over.'),
    }),
  ),
  rows: z
    .array(
      z.strictObject({
        resource: z.string(),
        what: z.enum(['added', 'changed', 'gone']),
        key: keyPair,
        label: z.string().nullable(),
        fields: z.array(
          z.strictObject({ field: z.string(), was: value.describe('What was carried over.'), now: value }),
        ),
      }),
    )
    .describe('The first 10,000; the resources count all.'),
  told: z
    .array(z.strictObject({ resource: z.string(), key: keyPair, label: z.string().nullable(), reason: z.string() }))
    .describe(
      'The first 10,000 of the rows that did not change since, and that stay behind, or in the new store without one in the old.',
    ),
  reads: requests.describe('Requests that reading the old store took.'),
})

const migrationUndo = z.strictObject({
  ...run,
  from: z.string(),
  to: z.string(),
  dry: z.boolean().describe('Nothing was sent: it tells what would be.'),
  resources: z.array(
    z.strictObject({
      resource: z.string(),
      remove: count.describe('Rows that are deleted.'),
      inside: count.describe('Rows that go with the one that they came inside.'),
      stays: count.describe('Made by the migration, and left alone.'),
      before: count.describe('There before the migration.'),
      gone: count.describe('Made by the migration, and taken out by somebody since.'),
      removed: count.describe('Deleted by this run.'),
    }),
  ),
  rows: z.array(
    z.strictObject({
      resource: z.string(),
      key: z.string(),
      label: z.string().nullable(),
      state: z.enum(['to-remove', 'removed', 'failed', 'stays']),
      reason: z.string().nullable().describe('Why it stays, or what the store said.'),
    }),
  ),
  unseen: z
    .array(z.string())
    .describe('Resources that may refer to those rows and that the mirror does not hold, so nobody looked.'),
  error: failureShape.exactOptional().describe('Why it stopped early.'),
})

export const jsonDocuments = {
  pull: { schema: pull, from: '`skiff pull`', about: 'One store; a list of them when several stores were pulled.' },
  plan: {
    schema: planRun,
    from: '`skiff plan`, `skiff undo`',
    about: 'The plan, and what every run tells. A list when several syncs were planned.',
  },
  stored: { schema: plan, from: '`skiff show`, `skiff plan --format json`', about: 'The plan alone, as it is stored.' },
  push: { schema: push, from: '`skiff push`', about: 'What became of each row.' },
  rehearsal: {
    schema: rehearsal,
    from: '`skiff rehearse`',
    about: 'What a push of the plan would come to. `requests` are those to the real store: none.',
  },
  sync: { schema: sync, from: '`skiff sync`', about: 'Pull, plan and push of one run. A list when several syncs ran.' },
  verify: {
    schema: verify,
    from: '`skiff verify`',
    about: 'What disagrees, by cause. A list when several stores were verified.',
  },
  reconcile: {
    schema: reconcile,
    from: '`skiff migrate --verify`',
    about: 'What two stores have in common after a migration; exit 5 when anything differs.',
  },
  freeze: {
    schema: freeze,
    from: '`skiff migrate --freeze`',
    about: 'What the old store changed since the last copy; exit 5 when anything did.',
  },
  migrationUndo: {
    schema: migrationUndo,
    from: '`skiff migrate --undo`',
    about:
      'What the undo of a migration deletes, or would, and what it leaves; exit 3 when it only lists rows to delete.',
  },
  migration: { schema: migration, from: '`skiff migrate`', about: 'What became of each resource.' },
  migrationPlan: {
    schema: migrationPlan,
    from: '`skiff migrate --plan`',
    about:
      'What would become of each resource; exit 3 when there is something to write. Also where nobody could be asked.',
  },
  explain: { schema: explain, from: '`skiff explain`', about: 'One story for each sync that knows the key.' },
  conflicts: {
    schema: conflicts,
    from: '`skiff conflicts`',
    about: 'The open ones, oldest first; exit 5 when there is one.',
  },
  resolve: { schema: resolve, from: '`skiff resolve`', about: 'What was decided, and the plan that carries it out.' },
  job: { schema: job, from: '`skiff run`', about: 'The job, with the report of each step.' },
  check: { schema: check, from: '`skiff check`', about: 'Everything that was looked at.' },
  map: { schema: mapping, from: '`skiff map`', about: 'What each column of a source most likely is.' },
  doctor: {
    schema: doctor,
    from: '`skiff doctor`',
    about: 'What is wrong in the file of a source; exit 5 when anything is.',
  },
  report: { schema: report, from: '`skiff report NAME`', about: 'The rows of a ready report.' },
  export: { schema: exported, from: '`skiff export`', about: 'The file that was written.' },
  backup: { schema: backup, from: '`skiff backup`', about: 'The copy of one store; a list of them for several.' },
  restore: {
    schema: restore,
    from: '`skiff restore`',
    about: 'What is in place now, and where the file before it is.',
  },
  notice: {
    schema: notice,
    from: 'a notifier of the configuration',
    about: 'On the standard input of a command, or as the body of a POST.',
  },
  error: {
    schema: failure,
    from: 'every verb that fails',
    about: 'In a list, it stands where the report of that store or sync would.',
  },
  emulator: { schema: emulator, from: '`skiff emulator`', about: 'One line, once it listens.' },
} as const
