import type { Target } from '../diff/index.ts'
import { type Change, sameValue, type Values } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import type { Ledger } from './ledger.ts'
import { readByKeys, readSince } from './read-rows.ts'
import { parentKeys, taskOf } from './scope-of-pull.ts'
import { rowFinder } from './store-rows.ts'

export interface Suspect {
  readonly change: Change
  /** When its request ended or was last known to be under way, ms. */
  readonly since: number
}

/**
 * Finds out what became of requests that were never answered. The new value in the store proves that the change was carried out.
 * The old value proves the contrary only late enough and twice, because a request may be carried out long after its time-out. Any
 * third value is somebody else's, and is left alone.
 * @returns changes that were certainly not carried out and may be sent again.
 */
export const verifyUnknown = async (
  context: Context,
  side: StoreSide,
  target: Target,
  ledger: Ledger,
  suspects: readonly Suspect[],
  run: string,
): Promise<readonly Change[]> => {
  let open = await sift(context, side, target, ledger, suspects, run, false)
  if (!open.length) return []
  const latest = Math.max(...open.map(({ since }) => since))
  const wait = latest + side.horizonMs - context.clock.now()
  if (wait > 0) {
    context.progress({
      kind: 'step',
      text: `${open.length} changes got no answer; looking again in ${Math.ceil(wait / 1000)} s`,
    })
    await context.clock.sleep(wait, context.signal)
  }
  open = await sift(context, side, target, ledger, open, run, false)
  if (!open.length) return []
  await context.clock.sleep(BETWEEN_READS_MS, context.signal)
  open = await sift(context, side, target, ledger, open, run, true)
  return open.map(({ change }) => change)
}

const BETWEEN_READS_MS = 1000

/** Reads the suspects once, settles those that are proven, and returns those that still show the old value. */
const sift = async (
  context: Context,
  side: StoreSide,
  target: Target,
  ledger: Ledger,
  suspects: readonly Suspect[],
  run: string,
  late: boolean,
): Promise<readonly Suspect[]> => {
  await readAgain(context, side, target, suspects, run)
  const find = rowFinder(side.mirror, target)
  const open: Suspect[] = []
  for (const suspect of suspects) {
    const { change } = suspect
    const row = change.action === 'create' ? findCreated(side, target, change) : find(change.entity)
    const proof = proofOf(change, row?.values)
    if (proof === 'new')
      ledger.record([{ change: change.id, to: 'applied', evidence: { reason: 'found in the store' } }])
    else if (proof === 'old') open.push(suspect)
    else if (proof === 'gone')
      ledger.record([{ change: change.id, to: 'skipped', evidence: { reason: 'gone from the store' } }])
    else
      ledger.record([
        { change: change.id, to: 'skipped', evidence: { reason: `the store holds another value: ${proof.other}` } },
      ])
  }
  if (late && open.length) {
    ledger.record(
      open.map(({ change }) => ({ change: change.id, to: 'approved', evidence: { reason: 'not carried out' } })),
    )
  }
  return open
}

type Proof = 'new' | 'old' | 'gone' | { readonly other: string }

const proofOf = ({ action, fields }: Change, now: Values | undefined): Proof => {
  if (action === 'remove') return now ? 'old' : 'new'
  if (!now) return action === 'create' ? 'old' : 'gone'
  const other = fields.find(({ field, from, to }) => {
    const value = now[field] ?? null
    return !sameValue(value, to) && (action === 'create' || !sameValue(value, from))
  })
  if (other) return { other: `${other.field} ${JSON.stringify(now[other.field] ?? null)}` }
  return fields.every(({ field, to }) => sameValue(now[field] ?? null, to)) ? 'new' : 'old'
}

const findCreated = (side: StoreSide, target: Target, { key }: Change) =>
  side.mirror.lookup(target.kind === 'plain' ? target.resource : target.derived, Object.keys(key)).find(key)[0]

const readAgain = async (
  context: Context,
  side: StoreSide,
  target: Target,
  suspects: readonly Suspect[],
  run: string,
): Promise<void> => {
  const reading = { task: taskOf(context.catalog, target), purpose: 'check' as const, run }
  const created = suspects.filter(({ change }) => change.action === 'create')
  const known = suspects.filter(({ change }) => change.action !== 'create').map(({ change }) => change)
  if (known.length) await readByKeys(context, side, reading, parentKeys(target, known))
  if (created.length) await readSince(context, side, reading, Math.min(...created.map((one) => one.since)) - SLACK_MS)
}

const SLACK_MS = 10 * 60_000
