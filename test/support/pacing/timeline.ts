/** Time that passes from event to event. All moments in ms. */
export interface Timeline {
  now(): number
  /** Returns what takes the event back. */
  at(when: number, run: () => void): () => void
  /** Lets time pass up to `end`. */
  run(end: number): void
  /** The same for work that awaits promises: `settle` is awaited after each event. */
  runSettling(end: number, settle: () => Promise<void>): Promise<void>
}

export const createTimeline = (): Timeline => {
  const events: Event[] = []
  let now = 0

  const step = (end: number): boolean => {
    const next = events[0]
    if (!next || next.at >= end) return false
    events.shift()
    now = next.at
    next.run()
    return true
  }

  return {
    now: () => now,
    at: (when, run) => {
      const event = { at: Math.max(now, when), run }
      events.splice(events.findLastIndex((other) => other.at <= event.at) + 1, 0, event)
      return () => {
        const index = events.indexOf(event)
        if (index >= 0) events.splice(index, 1)
      }
    },
    run: (end) => {
      while (step(end));
    },
    runSettling: async (end, settle) => {
      await settle()
      while (step(end)) await settle()
    },
  }
}

interface Event {
  readonly at: number
  readonly run: () => void
}
