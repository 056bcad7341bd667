import { isRowGuard } from '../diff/index.ts'
import type { StoredPlan } from '../mirror/index.ts'
import { BlockedError, blockedBy, type Plan, StalePlanError } from '../model/index.ts'
import type { Context, StoreSide } from './context.ts'
import type { PushOptions } from './pushing.ts'
import { rulesOf } from './rules-of.ts'
import { hashOf } from './store-plan.ts'

/**
 * @throws {StalePlanError} when the plan, the source, the config, the time or the program is not what it was made for.
 * @throws {BlockedError} when a guard blocks it and is not let pass now.
 */
export const refuseStale = (
  context: Context,
  side: StoreSide,
  { plan, state }: StoredPlan,
  options: PushOptions,
): void => {
  const { plan: id, hash, ...draft } = plan
  if (hashOf(draft) !== hash) throw stale(plan, 'its rows are not those that were planned')
  if (state === 'pushed') throw stale(plan, 'it was pushed already')
  if (state === 'superseded') throw stale(plan, 'a later plan took its place, or its rows were changed in the store')
  if (isOutdated(side, plan)) throw stale(plan, 'its source was read anew since, and holds something else')
  if (context.clock.now() > Date.parse(plan.expires)) throw stale(plan, `it expired at ${plan.expires}`)
  if (plan.store !== side.name) throw stale(plan, `it was made for store ${plan.store}`)
  if (plan.binding.config !== options.configHash) {
    const isTable = rulesOf(plan.binding.config) === rulesOf(options.configHash)
    const what = isTable ? 'a table that it looks values up in' : 'the config of its sync or store'
    throw stale(plan, `${what} was changed since`)
  }
  if (major(plan.binding.tool) !== major(context.tool)) throw stale(plan, `it was made by Skiff ${plan.binding.tool}`)
  // A push cannot let a row guard pass: the rows that it held are not among those of the plan.
  const blocks = blockedBy(plan).filter(({ guard }) => isRowGuard(guard) || !options.allowed.has(guard))
  const [first] = blocks
  if (first) {
    throw new BlockedError(`${id} is blocked by ${blocks.map(({ guard }) => guard).join(', ')}: ${first.detail}`, {
      hint: first.allow && `look at the rows with \`skiff show ${id} --details\`; to let them pass: ${first.allow}`,
    })
  }
}

/** A push that was begun and not ended leaves its plan open, whatever the source says since. */
const isOutdated = ({ mirror }: StoreSide, { sync, binding: { snapshot }, created }: Plan): boolean => {
  const latest = mirror.acceptedSnapshot(sync)
  return snapshot !== '' && latest !== null && latest.at > created && latest.sha256 !== snapshot
}

export const stale = (plan: Plan, reason: string): StalePlanError =>
  new StalePlanError(`plan ${plan.plan} cannot be pushed: ${reason}`, {
    hint: `make a new one with \`skiff ${isCommand(plan.origin) ? plan.origin : `plan ${plan.sync}`}\``,
  })

const isCommand = (origin: string | undefined): boolean => /^(undo|migrate) /.test(origin ?? '')

const major = (version: string): string => version.split('.')[0] ?? ''
