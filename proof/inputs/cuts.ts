import { isDeepStrictEqual } from 'node:util'
import { HEAD, lineOf, RIGHT, today } from './goods.ts'
import type { TakeFile } from './shop.ts'

/** What came of a file that ends at any of its bytes. */
export interface Cuts {
  readonly tried: number
  /** Files whose end is missing so that nobody could tell: whole rows, and most of them. */
  readonly taken: number
  /** Values that the whole file does not hold, or that came with a refusal. */
  readonly faults: readonly string[]
}

/** Two kilobytes. The last cell of a line is a count, which cut anywhere is a count as well. */
const WHOLE = Buffer.from(
  `Note,${HEAD}\n${today()
    .map((good) => `Straße und Größe egal,${lineOf(good)}\n`)
    .join('')}`,
)

/** Takes every beginning of a feed for the feed: a cut price is a price as well, so only the missing end tells. */
export const cutEverywhere = async (take: TakeFile): Promise<Cuts> => {
  const faults: string[] = []
  let taken = 0
  for (let end = 0; end < WHOLE.length; end += 1) {
    const { says, writes } = await take({ file: WHOLE.subarray(0, end) })
    const isTaken = !/^(refused|blocked)/.test(says)
    if (isTaken) taken += 1
    for (const [sku, values] of Object.entries(writes)) {
      const isRight = isTaken && isDeepStrictEqual(values, RIGHT[sku])
      if (!isRight) faults.push(`cut at ${end}: ${says || 'taken'}, and ${sku} became ${JSON.stringify(values)}`)
    }
  }
  return { tried: WHOLE.length, taken, faults }
}
