import type {
  Body,
  Catalog,
  ChangeState,
  ColumnShape,
  Derived,
  Link,
  Plan,
  Resource,
  RunState,
  SnapshotSummary,
  Value,
  Values,
} from '../model/index.ts'
import type { Copies } from './copies.ts'
import type { Db } from './file.ts'
import type { Holder } from './lock.ts'

/** What tells one store from another; a mirror belongs to one of them for ever. */
export interface Lineage {
  readonly hash: string
  readonly domain: string
  readonly currency: string
}

/** One parent row as it came in a page, with the children that came inside it. */
export interface Incoming {
  readonly body: Body
  /** The body as it was written, which tells one that is the same again. */
  readonly text?: string
  /** Enclosing bodies where a listing holds several rows in one element. */
  readonly enclosing?: readonly Body[]
}

export interface PageWrite {
  readonly resource: Resource
  /** Resources that ride inside the rows; a body without the include's key leaves those children alone. */
  readonly children: readonly Resource[]
  readonly rows: readonly Incoming[]
  /** Moment of the reading, UTC ISO-8601. */
  readonly at: string
  readonly run: string
  /** Of a listing by keys: all rows with these keys are in the page; what the mirror holds beside them is missing in the store. */
  readonly covers?: KeyRange
}

/** Keys beyond one, up to another; null where that side is open. */
export interface KeyRange {
  readonly after: number | null
  readonly upTo: number | null
}

export interface PageCounts {
  readonly resource: string
  /** Rows met, the unreadable ones included. */
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** A row that could not be read because a field has not the promised type; it is kept out, the others go on. */
export interface BadRow {
  readonly resource: string
  readonly key: string
  readonly reason: string
}

/** A row of the store that could not be read when it was met last. */
export interface UnreadEntry {
  readonly key: Values
  /** Key of the row that it came inside; null for a row of a listing. */
  readonly parent: Value
  readonly reason: string
  /** The mirror holds an older state of it. */
  readonly isHeld: boolean
}

/** Where a pull of one resource stands; survives a crash. */
export interface PullState {
  /** Grows with each pull of the store. */
  readonly pull: number
  readonly resource: string
  readonly full: boolean
  /** Lower bound of an incremental pull, UTC ISO-8601. */
  readonly since: string | null
  /** Last page number done, or of many lists the last one read to its end; null before the first. */
  readonly cursor: number | null
  /** Of a listing by keys: those still to be read. */
  readonly open: readonly KeyRange[]
  readonly started: string
  readonly counts: readonly PageCounts[]
}

interface PullEnd {
  readonly complete: boolean
  readonly expected: number | null
  /** Server time from which the next incremental pull starts (before overlap); null keeps the old one. */
  readonly watermark: string | null
  readonly at: string
}

export interface Freshness {
  readonly resource: string
  readonly complete: boolean
  /** Start of the last complete pull, UTC ISO-8601; null when there was none. */
  readonly asOf: string | null
  /** The same of the last complete pull that read everything. */
  readonly fullAsOf: string | null
  readonly watermark: string | null
  readonly rows: number
  readonly pull: number
}

/** A store row as the comparison sees it. */
export interface MirrorRow {
  /** The resource's fields, or the derived resource's, canonical. */
  readonly values: Values
  /** Keys that name it in the store. */
  readonly entity: Values
}

/** A value that we wrote and that a reading before `until` neither confirms nor denies. */
export interface Unsettled {
  readonly resource: string
  readonly key: string
  readonly field: string
  readonly value: Value
  /** What the mirror held before it: what an early reading still shows. */
  readonly before: Value
  readonly appliedAt: string
  readonly until: string
}

/** Of one key of a sync: field to what store and source held when both last agreed. */
export interface BaseRow {
  readonly key: string
  readonly entity: string
  readonly fields: Readonly<Record<string, BaseValue>>
}

interface BaseValue {
  readonly store: Value
  readonly source: Value
  readonly kept?: true
  readonly stands?: true
  /** When the store held its value, and since when nobody moved it unnoticed; UTC ISO-8601, of stock only. */
  readonly at?: string
  readonly since?: string
  /** We wrote it. */
  readonly ours?: true
}

/** What is kept of the rows of a sync that need no comparing; what both are is for those that make them to say. */
export interface FamiliarRecord {
  readonly sample: Value
  readonly rows: Uint32Array
  /** What moved since they were kept. */
  readonly moved: readonly MovedRow[]
}

/** A row of the store by its resource, or of the base by its sync, that was written or removed. */
export interface MovedRow {
  readonly side: 'store' | 'base'
  readonly name: string
  /** Of a row of the store as `keyText` makes it, of the base as `matchText` does. */
  readonly key: string
}

/** How far a sync has read a source whose rows say when they were changed. */
export interface WatermarkRecord {
  readonly sync: string
  /** The plan that was made of that reading, and whether it has ended with nothing left open. */
  readonly plan: string
  readonly ended: boolean
  /** The greatest of that reading, as the source writes it. */
  readonly watermark: string
  /** When it began, UTC ISO-8601. */
  readonly readAt: string
  /** Hash of the rules, the store and the place that it was read by. */
  readonly bound: string
  /** Of the last whole reading: when it began, UTC ISO-8601, and what its guards weighed changes against. */
  readonly wholeAt: string
  readonly matched: number
  readonly inStock: number
}

/** A reading that found another value of a field than the reading before. */
export interface Move {
  readonly from: Value
  readonly to: Value
  readonly at: string
  readonly run: string
}

/** Pieces that one row of a resource that takes stock took, at some moment from `placed` to `counted`; UTC ISO-8601. */
export interface TakenRow {
  /** What was taken, by resource. */
  readonly of: Values
  readonly quantity: number
  readonly placed: string
  readonly counted: string
}

/** A field that both sides changed to different values. */
export interface ConflictRow {
  /** Such as `c3`; the same as long as it is open. */
  readonly id: string
  readonly sync: string
  readonly resource: string
  readonly key: Values
  readonly entity: Values
  readonly label: string | null
  /** Line of the source row. */
  readonly line: number | null
  readonly field: string
  readonly base: Value
  readonly store: Value
  readonly source: Value
  /** When each side was last changed, as far as it tells; UTC ISO-8601. */
  readonly storeAt: string | null
  readonly sourceAt: string | null
  /** The plan that saw it last. */
  readonly plan: string
  readonly since: string
  /** When a plan found it no more; null while it is open. */
  readonly settled: string | null
  readonly decision: Decision | null
}

/** What a person said about a conflict. */
export interface Decision {
  /** `store`, `source`, or the value as it was written. */
  readonly take: string
  readonly value: Value
  readonly by: string
  readonly at: string
  /** The last plan that carries it out; null when nothing had to be. */
  readonly plan: string | null
}

/** A row of a sync that was not put in step. */
export interface OpenRow {
  /** As `matchText` makes it; `line N` where the source row has no readable key. */
  readonly key: string
  readonly state: 'held' | 'rejected' | 'conflict' | 'failed' | 'skipped'
  readonly reason: string
  /** When it was first left so, UTC ISO-8601. */
  readonly since: string
}

interface SnapshotRecord extends SnapshotSummary {
  readonly sync: string
  readonly at: string
  readonly accepted: boolean
  /** Keys of the source that the store knows. */
  readonly matched: number
  /** By field; null in snapshots of before they were kept. */
  readonly columns: Readonly<Record<string, ColumnShape>> | null
  /** Hash of the config's sections that it was read under. */
  readonly config: string | null
}

/** A value that we wrote to a row in the place of another. */
export interface AppliedRow {
  readonly resource: string
  /** As `matchText` makes it. */
  readonly key: string
  readonly field: string
  readonly from: Value
  readonly to: Value
  readonly at: string
}

export interface StoredPlan {
  readonly plan: Plan
  readonly state: 'open' | 'approved' | 'pushed' | 'superseded' | 'blocked'
}

/** One step of a change, never altered afterwards. */
export interface JournalEntry {
  readonly plan: string
  readonly change: number
  readonly run: string
  readonly at: string
  readonly from: ChangeState
  readonly to: ChangeState
  /** HTTP status, reason, what the store echoed: whatever proves the step. */
  readonly evidence: Values
}

export interface RunRecord {
  readonly run: string
  readonly verb: string
  readonly what: string
  readonly started: string
  readonly finished: string | null
  readonly state: RunState | 'running'
  readonly exit: number | null
  /** The report as the verb printed it. */
  readonly report: unknown
}

/** A write that the store showed only some time after it had said yes to it. */
export interface LateSettle {
  /** What the sync writes to, such as `skus`. */
  readonly resource: string
  /** From the end of the request to the reading that showed it, ms. */
  readonly lagMs: number
  /** How long writes to the resource are left to settle from then on, ms. */
  readonly settleMs: number
  readonly run: string
  readonly plan: string
  readonly at: string
}

/** How often edits of a field of rows inside others were met with a new date of the row that they ride in, and without one. */
export interface DatedEdits {
  readonly field: string
  readonly dated: number
  readonly undated: number
  /** When one was met last, UTC ISO-8601. */
  readonly at: string
}

/** What one row of the store was made from. */
export interface SentRow {
  /** The row's own key, as `keyText` makes it. */
  readonly key: string
  readonly address: string
  /** The store's file of it at that time. */
  readonly file: string
  /** UTC ISO-8601. */
  readonly at: string
}

/** What the last copy of a migration told of a row that it left as it is. */
export interface BehindRow {
  /** Key of the other store's row, as `keyText` makes it. */
  readonly from: string
  /** Hash of what that held; null where the other store has it no more. */
  readonly print: string | null
  readonly reason: string
}

/** What lay behind an address of the web. */
export interface LookRow {
  readonly address: string
  /** Hash of the bytes, in hex. */
  readonly sha256: string
  /** What the server calls that version of it; null where it does not say. */
  readonly etag: string | null
  readonly modified: string | null
  /** UTC ISO-8601. */
  readonly at: string
}

/** How fast a store answers, and how much it lets us ask. */
export interface Pace {
  /** Requests in a window; null where the store does not tell. */
  readonly quota: number | null
  readonly windowMs: number | null
  readonly medianMs: number
  readonly p95Ms: number
  /** Answers that it was measured over. */
  readonly requests: number
  readonly at: string
}

/** Look-ups of a sync's target rows by one key field, reading the mirror as it stands. */
export interface Lookup {
  /** Rows whose key equals, ignoring case for text; several when the store has duplicates. */
  find(key: Values): readonly MirrorRow[]
  count(): number
  /** Every row, in key order, in constant memory. */
  all(): IterableIterator<MirrorRow>
}

/** For how many days each kind of history is kept; null for ever. */
export interface Retention {
  readonly changeLog: number | null
  readonly journal: number | null
  readonly plans: number | null
  /** Runs, and pulls with them. */
  readonly runs: number | null
  readonly snapshots: number | null
  /** Settled ones. */
  readonly conflicts: number | null
}

/** The local copy of one store: one SQLite file. Synchronous, one writer. */
export interface Mirror {
  readonly path: string

  /** Null before the first link. */
  lineage(): Lineage | null
  link(lineage: Lineage, at: string): void

  /** Resumes the unfinished pull of the same resource and kind, or begins one. */
  beginPull(resource: Resource, options: { full: boolean; since: string | null; at: string; run: string }): PullState
  /** Rows, children, removals seen inside the page, the place to go on from and counters in one transaction. */
  savePage(
    pull: PullState,
    page: PageWrite,
    place: Partial<Pick<PullState, 'cursor' | 'open'>>,
  ): { readonly pull: PullState; readonly bad: readonly BadRow[] }
  /** Rows of the store that could not be read when they were met last, by their keys. */
  unread(resource: Resource): readonly UnreadEntry[]
  /** Keys that the mirror holds, or could not read, and that a full pull did not meet, in key order. */
  missing(pull: PullState): readonly Values[]
  /** How many different rows a full pull by pages met, over all its attempts. */
  seen(pull: PullState): number
  /** Moves rows and their children to the removed ones. */
  remove(resource: Resource, keys: readonly Values[], run: string, at: string): number
  endPull(pull: PullState, end: PullEnd): void
  freshness(resource: string): Freshness | null

  /** Rows that a write's echo or a re-read brought, outside a pull; what a body leaves out keeps its value. */
  saveRows(page: PageWrite): readonly BadRow[]

  /** With `only`, rows carry just these fields beside the key's and the entity's, which is what makes millions cheap. */
  lookup(target: Resource | Derived, keyFields: readonly string[], only?: readonly string[]): Lookup
  /** One row by the resource's own key; with `only`, just these fields of it. */
  row(resource: Resource, key: Values, only?: readonly string[]): Values | undefined
  /** Rows of a resource whose field has the value, such as all variants of a product; with `only`, just these fields of them. */
  rowsWhere(resource: Resource, field: string, value: Value, only?: readonly string[]): readonly Values[]

  /**
   * Every row in the API's shape, with what we wrote lately in it; what the API tells in an enclosing body goes by its field's
   * name. In key order, in constant memory.
   */
  bodies(resource: Resource): IterableIterator<Body>

  /** Those whose `until` lies after a reading at `asOf`. */
  unsettled(asOf: string): readonly Unsettled[]
  saveUnsettled(rows: readonly Unsettled[]): void
  /** Forgets those that a reading after `until` has replaced. */
  dropUnsettled(rows: readonly Pick<Unsettled, 'resource' | 'key' | 'field'>[]): void

  /** Base rows by key (`matchText`), or all of them in constant memory. */
  base(sync: string): {
    get(key: string): BaseRow | undefined
    all(): IterableIterator<BaseRow>
    keys(): IterableIterator<string>
    count(): number
  }
  /** Merges field by field into what is there of the same entity, and takes the place of what was agreed on another. */
  saveBase(sync: string, rows: readonly BaseRow[], at: string): void
  /** Sets base rows aside outside memory, after those that were set aside before; a new beginning drops them. */
  setAside(rows: readonly BaseRow[], isBeginning: boolean): void
  /** Saves what was set aside. */
  saveAside(sync: string, at: string): void
  dropBase(sync: string, keys: readonly string[]): void

  /** Remembers what was written, and forgets what was written before `since`. */
  saveApplied(rows: readonly AppliedRow[], since: string): void
  hasApplied(since: string): boolean
  /** What was written to one row since a moment, oldest first. */
  appliedTo(resource: string, key: string, since: string): readonly AppliedRow[]

  /** What rows of one parent were made from, the rows that are gone included. */
  sent(resource: Resource, parent: Value): readonly SentRow[]
  /** Takes the place of what was known of the same rows; a row whose file is the one named shows it from now on. */
  saveSent(resource: Resource, parent: Value, rows: readonly SentRow[]): void

  /** What lay behind an address of the web when it was last looked at. */
  look(address: string): LookRow | null
  saveLooks(rows: readonly LookRow[]): void

  /** Which rows stand for those of another store, by its hash; `run` made the link. */
  links(source: string, resource: string): readonly (Link & { readonly run: string })[]
  saveLinks(
    source: string,
    resource: string,
    links: readonly Link[],
    by: { readonly run: string; readonly at: string },
  ): void
  /** Whether any row stands for one of that store. */
  hasLinks(source: string): boolean
  dropLinks(source: string, resource: string, keys: readonly string[]): void
  /**
   * Lists of a resource that each row of another one has, by that one's key: all of their rows are known as long as that row bears this
   * date.
   */
  knownLists(resource: string): ReadonlyMap<number, string>
  saveKnownLists(resource: string, lists: Iterable<readonly [number, string]>): void
  /** What the last copy told of that store's rows that it left as they are. */
  behind(source: string, resource: string): readonly BehindRow[]
  /** Takes the place of all that was known of the resource. */
  saveBehind(source: string, resource: string, rows: readonly BehindRow[]): void

  acceptedSnapshot(sync: string): SnapshotRecord | null
  saveSnapshot(record: SnapshotRecord): void

  /** Next free id: p1, p2... */
  nextPlanId(): string
  /** Older plans of the sync that nobody has begun to push are superseded by it. */
  savePlan(plan: Plan, state: StoredPlan['state']): void
  setPlanState(plan: string, state: StoredPlan['state']): void
  plan(id: string): StoredPlan | undefined
  plans(limit: number): readonly StoredPlan[]
  /** Plans of a sync, newest first. */
  plansOf(sync: string): Iterable<StoredPlan>
  /** Whether a plan of the sync that was made after a moment had nothing to change, or was begun to be carried out. */
  wasSettledAfter(sync: string, at: string): boolean
  /** Whether any plan of the sync was ever carried out, or begun to be. */
  wasPushed(sync: string): boolean
  /** Whether any change of the sync was ever applied. */
  wasCarriedOut(sync: string): boolean
  /** Why the sync's newest plan of its own waits for a person, where nobody has begun to push it; null where none waits. */
  openWait(sync: string): string | null

  /**
   * Writes the steps and the changes' states in one durable transaction, before it returns. A string `reason` in the
   * evidence becomes the change's reason.
   * @throws {MirrorError} when a change is not in the state that its entry starts from, or has ended.
   */
  journal(entries: readonly JournalEntry[]): void
  changeStates(plan: string): ReadonlyMap<number, { readonly state: ChangeState; readonly reason: string | null }>
  journalOf(plan: string, change?: number): readonly JournalEntry[]
  /** The first entry (its number) that was altered after it was written; null when the journal is whole. */
  brokenJournal(): number | null
  /** The newest step that was dropped because of its age, UTC ISO-8601; null when none was. */
  prunedUntil(): string | null
  /** Changes of any plan that are left in `intent` or `unknown`. */
  openChanges(): readonly { readonly plan: string; readonly change: number; readonly state: ChangeState }[]

  /** Changes that a run began to send, each once. */
  sentIn(run: string): readonly { readonly plan: string; readonly change: number }[]

  /**
   * The open conflicts of a sync, as a plan found them now; those that it found no more are settled, apart from those that stay.
   * One that comes again although it was decided is a new one: the decision was about other values.
   */
  saveConflicts(
    sync: string,
    rows: readonly Omit<ConflictRow, 'id' | 'since' | 'settled' | 'decision'>[],
    stay: readonly string[],
    at: string,
  ): void
  /** The open ones, oldest first; of one sync, or of all. */
  conflicts(sync: string | null): readonly ConflictRow[]
  conflict(id: string): ConflictRow | undefined
  /** Those of one key (`matchText`), the settled ones too, newest first. */
  conflictsOfKey(sync: string, key: string, limit: number): readonly ConflictRow[]
  decide(id: string, decision: Decision): void
  settle(ids: readonly string[], at: string): void

  /** How fast the store was last seen to answer; null before that. */
  pace(): Pace | null
  savePace(pace: Pace): void

  /** Every time a write was seen late, the oldest first. */
  lateSettles(): readonly LateSettle[]

  /** Whether the store dates the parent when rows of a resource that ride inside it are edited, as pulls have met it. */
  datedEdits(resource: string): readonly DatedEdits[]
  saveLateSettle(late: LateSettle): void

  /** Rows that a sync left open, the oldest first. */
  openRows(sync: string): readonly OpenRow[]
  /** A row that is open already keeps its `since`; others are open since `at`. */
  saveOpenRows(sync: string, rows: readonly Omit<OpenRow, 'since'>[], at: string): void
  dropOpenRows(sync: string, keys: readonly string[]): void

  /** Null where nothing was kept under the same `bound`, or too much has moved since. */
  familiar(sync: string, bound: string): FamiliarRecord | null
  /** Sets rows aside outside memory, in pieces of about a megabyte, in the place of those that were set aside before. */
  setFamiliarAside(rows: Iterable<Uint32Array>): void
  /** Keeps what was set aside. From now on what moves is taken down. */
  saveFamiliar(sync: string, kept: { readonly bound: string; readonly sample: Value }): void
  dropFamiliar(sync: string): void

  /** How far a sync has read its source; null where the next reading is a whole one. */
  watermark(sync: string): WatermarkRecord | null
  saveWatermark(record: WatermarkRecord): void
  dropWatermark(sync: string): void
  /** The plan has ended with nothing left open; says nothing where the last reading was for another plan. */
  endWatermark(sync: string, plan: string): void

  nextRunId(): string
  saveRun(run: RunRecord): void
  runs(limit: number): readonly RunRecord[]
  /** Runs under way; while we hold the store's lock, those whose process was killed. */
  unfinishedRuns(): readonly RunRecord[]
  /** Runs of a sync, and pushes of its plans, newest first. */
  runsOf(sync: string, limit: number): readonly RunRecord[]
  run(id: string): RunRecord | undefined
  /** When a copy was last put in its place, UTC ISO-8601; null when none was. */
  restoredAt(): string | null

  /** Readings since a moment that found a field moved, oldest first. */
  moves(resource: string, key: string, field: string, since: string): readonly Move[]
  /** The newest pull of a listing that had proved itself complete by then, other than the one of `run`. */
  pullBefore(resource: string, at: string, run: string | null): { readonly from: string; readonly to: string } | null
  /** What was taken from stock by rows that were placed since a moment, or a day before it at most. */
  taken(resource: Resource, since: string): readonly TakenRow[]

  /** What the change log knows of a row, newest first. */
  history(
    resource: string,
    key: string,
    limit: number,
  ): readonly {
    readonly field: string
    readonly from: Value
    readonly to: Value
    readonly at: string
    readonly run: string
  }[]

  /** What is wrong with the file itself; null when it is sound. Reads all of it. */
  damage(): string | null

  /** Drops what is older than it is to be kept; what is open, or needed by what is kept, stays. Returns how many rows went. */
  prune(retention: Retention, now: number): number

  /** Several of the above as one durable transaction: all of them or none. */
  atOnce<T>(work: () => T): T

  close(): void
}

export interface MirrorOptions {
  readonly path: string
  readonly catalog: Catalog
  /** Folder of the control tables' migrations. */
  readonly migrations: string
  /** An open database in the place of the file at `path`, such as one in memory. */
  readonly database?: Db
  /** Who holds the store's lock and is going to write; absent for reading. */
  readonly writer?: Holder
  /** Where copies of it lie, to name one when the file is damaged. */
  readonly copies?: Copies
}
