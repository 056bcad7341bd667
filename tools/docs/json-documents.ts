import { z } from 'zod'
import { NOTICE_EVENTS } from '../../src/app/settings/types.ts'
import { EXIT, GUARD_NAMES, SIGN, type Value } from '../../src/model/index.ts'

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
  verdict: z.enum(['ok', 'held', 'blocked', 'off', 'allowed']),
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
        ageMs: z.number().nullable(),
        sentinels: z.array(z.strictObject({ key: z.string(), fault: z.string().nullable() })),
        columns: columnShapes.describe('By field, over a sample of the rows.'),
        lastColumns: columnShapes.nullable().describe('Of the last accepted snapshot.'),
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

const rowResult = z.strictObject({
  id: z.int().min(1).describe('Of the change in the plan.'),
  key: values,
  state: z.enum(['planned', 'approved', 'intent', 'unknown', 'applied', 'skipped', 'failed', 'held']),
  reason: z.string().nullable(),
})

const failure = z.strictObject({
  error: z.strictObject({
    code: z.string().describe('One of the codes in errors.md.'),
    message: z.string(),
    where: z.string().nullable(),
    hint: z.string().nullable(),
  }),
})

const pushShape = {
  ...run,
  plan: z.string(),
  sync: z.string(),
  store: z.string(),
  counts: z.strictObject({ applied: count, skipped: count, failed: count, held: count }),
  rows: z.array(rowResult),
  open: z
    .strictObject({ rows: count, since: moment.nullable().describe('Of the oldest; null when there is none.') })
    .describe('Rows that the sync has left open, those of earlier runs included.'),
  error: failure.shape.error.exactOptional().describe('Why it stopped early.'),
}

const push = z.strictObject(pushShape)
const sync = z.strictObject({ ...pushShape, pull, summary, guards: z.array(verdict) })

const finding = z.strictObject({
  of: z.string().describe('What was looked at, such as "store main".'),
  what: z.string(),
  verdict: z.enum(['ok', 'note', 'warn', 'bad']),
  detail: z.string(),
  hint: z.string().nullable(),
  exit: exit.describe('What a run that needs it would leave with; 0 unless "bad".'),
})

const check = z.strictObject({ exit, findings: z.array(finding) })

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

const emulator = z.strictObject({ url: z.string(), storeHash: z.string(), accessToken: z.string() })

/** The documents of `--json`, by the name of their schema. */
export const jsonDocuments = {
  pull: { schema: pull, from: '`skiff pull`', about: 'One store; a list of them when several stores were pulled.' },
  plan: {
    schema: planRun,
    from: '`skiff plan`',
    about: 'The plan, and what every run tells. A list when several syncs were planned.',
  },
  stored: { schema: plan, from: '`skiff show`, `skiff plan --format json`', about: 'The plan alone, as it is stored.' },
  push: { schema: push, from: '`skiff push`', about: 'What became of each row.' },
  sync: { schema: sync, from: '`skiff sync`', about: 'Pull, plan and push of one run. A list when several syncs ran.' },
  job: { schema: job, from: '`skiff run`', about: 'The job, with the report of each step.' },
  check: { schema: check, from: '`skiff check`', about: 'Everything that was looked at.' },
  report: { schema: report, from: '`skiff report NAME`', about: 'The rows of a ready report.' },
  error: {
    schema: failure,
    from: 'every verb that fails',
    about: 'In a list, it stands where the report of that store or sync would.',
  },
  notice: {
    schema: notice,
    from: 'a notifier of the configuration',
    about: 'On the standard input of a command, or as the body of a POST.',
  },
  emulator: { schema: emulator, from: '`skiff emulator`', about: 'One line, once it listens.' },
} as const
