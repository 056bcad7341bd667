import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inChild } from '../in-child.ts'
import type { Cost } from '../measured.ts'
import { atMost, median, type Result, result } from '../result.ts'
import type { Options } from './options.ts'

/** A plan of a feed that changes one row in a hundred, against csv-parse alone reading the same file. */
export const plan = async ({ scale, rounds, say }: Options): Promise<readonly Result[]> => {
  const parent = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
  try {
    const folder = join(parent, 'pulled')
    mkdirSync(folder)
    say('plan: filling a mirror')
    // A thousand emulated products have about three thousand SKUs.
    await inChild('recordPull', { folder, products: Math.max(20, Math.round(35_000 * scale)) })
    await inChild('pullStore', { folder, recording: folder })
    const feed = await inChild('makeFeed', { folder, rows: Math.round(100_000 * scale) })
    const found: Round[] = []
    for (let round = 1; round <= rounds; round += 1) {
      say(`plan: round ${round} of ${rounds}, ${feed.rows} rows`)
      const copy = join(parent, `round-${round}`)
      cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith('answers') })
      const changed = { folder: copy, changed: feed.changed }
      found.push({
        csv: await inChild('csvToNothing', { folder: copy, rows: feed.rows }),
        first: await inChild('planFeed', changed),
        again: await inChild('planFeed', changed),
      })
      rmSync(copy, { recursive: true, force: true })
    }
    return resultsOf(found, feed.rows)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

interface Round {
  readonly csv: Cost
  /** The file was never seen. */
  readonly first: Cost
  /** Both sides have agreed on most of it. */
  readonly again: Cost
}

const resultsOf = (rounds: readonly Round[], rows: number): readonly Result[] => {
  const of = (figure: (round: Round) => number): number => median(rounds.map(figure))
  const line = (what: string, plan: 'first' | 'again', cost: keyof Cost, goal: Result['goal']) =>
    result(
      'plan',
      what,
      of((round) => round[plan][cost] / round.csv[cost]),
      goal,
      {
        rows,
        csvParse: of(({ csv }) => csv[cost]),
        plan: of((round) => round[plan][cost]),
      },
    )
  return [
    line('time of a plan, file never seen / csv-parse alone, processor', 'first', 'cpu', atMost(1.3)),
    line('time of a plan, file never seen / csv-parse alone, clock', 'first', 'seconds', atMost(1.3)),
    line('time of a plan, file known / csv-parse alone, processor', 'again', 'cpu', null),
    line('peak memory of a plan / csv-parse alone', 'first', 'peak', null),
  ]
}
