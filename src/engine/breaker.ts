import { thresholdOf, whyBroken } from '../diff/index.ts'
import { BlockedError, type GuardName, type SyncSpec } from '../model/index.ts'
import type { Pushing } from './pushing.ts'

interface Guarded extends Pick<Pushing, 'plan' | 'allowed'> {
  readonly spec: Pick<SyncSpec, 'guards'>
}

/** Counts how a push goes, and says when it must stop. */
export class Breaker {
  readonly #isOn: boolean
  readonly #plan: string
  #going = { ended: 0, failed: 0, inARow: 0, mismatched: 0 }

  constructor(pushing: Guarded) {
    this.#isOn = limitOf(pushing, 'breaker') !== null
    this.#plan = pushing.plan.plan
  }

  applied(rows: number): void {
    if (!rows) return
    this.#going = { ...this.#going, ended: this.#going.ended + rows, inARow: 0 }
  }

  failed(rows: number): void {
    const { ended, failed, inARow } = this.#going
    this.#going = { ...this.#going, ended: ended + rows, failed: failed + rows, inARow: inARow + rows }
  }

  mismatched(rows: number): void {
    this.#going = { ...this.#going, mismatched: this.#going.mismatched + rows }
  }

  /** Null while the push may go on. */
  tripped(): BlockedError | null {
    const why = this.#isOn ? whyBroken(this.#going) : undefined
    if (why === undefined) return null
    return new BlockedError(`breaker: the push stopped, ${why}`, {
      hint: `the other rows are as they were; look at these with \`skiff show ${this.#plan} --details\`, then go on with \`skiff push ${this.#plan} --allow breaker\``,
    })
  }
}

/** The figure of a guard that looks at a push; null when it is off or let pass. */
export const limitOf = ({ plan, spec, allowed }: Guarded, guard: GuardName): number | null => {
  const limit = thresholdOf(guard, spec.guards, allowed, plan.automatic)
  return limit.kind === 'limit' ? (limit.count ?? 0) : null
}
