import { foretellMigration, reconcileStores } from '../../src/app/index.ts'
import { USUAL } from '../../test/support/two-shops.ts'
import { editBoth } from '../migration/edits.ts'
import { leastWrites } from '../migration/least-writes.ts'
import { counted, openStores, type Took } from '../migration/two-stores.ts'

type Least = Readonly<Record<string, number>>

/** What copying a store took, and what came after it. */
export interface Migrated {
  readonly rows: number
  readonly plan: { readonly requests: number; readonly seconds: number }
  readonly first: Took & { readonly least: Least; readonly left: number }
  readonly second: Took
  /** Values that a comparison of both stores found to differ, and those that it compared. */
  readonly differ: number
  readonly compared: number
  /** After edits on both sides. */
  readonly delta: Took & { readonly least: Least; readonly conflicts: number; readonly expected: number }
  /** After that one, with the conflicts still waiting. */
  readonly last: Took
}

/** Migrates one emulated store into an empty one, again, and after edits on both sides, in its own time. */
export const countMigration = async ({ scale }: { scale: number }): Promise<Migrated> => {
  const shops = await openStores(scale)
  try {
    const [old, fresh] = [shops.old, shops.fresh].map((emulator) => ({ emulator, clock: shops.clock }))
    if (!old || !fresh) throw new Error('there are two stores')
    const least = leastWrites(shops.old)
    const { cost } = await foretellMigration(shops.workspace, 'old', 'new', USUAL)
    const first = await counted(shops)
    const second = await counted(shops)
    const compared = await reconcileStores(shops.workspace, 'old', 'new', { ...USUAL, pictures: 0, seed: 1 })
    await shops.clock.sleep(A_MINUTE)
    const edited = await editBoth(old, fresh)
    await shops.clock.sleep(A_MINUTE)
    const delta = await counted(shops)
    const last = await counted(shops)
    const ofAll = (figure: (one: (typeof compared.resources)[number]) => number): number =>
      compared.resources.reduce((sum, one) => sum + figure(one), 0)
    return {
      rows: first.report.resources.reduce((sum, { rows }) => sum + rows, 0),
      plan: cost,
      first: { ...first.took, least, left: first.report.left.length },
      second: second.took,
      differ: ofAll(({ differs }) => differs),
      compared: ofAll((one) => one.compared),
      delta: {
        ...delta.took,
        least: edited.least,
        conflicts: delta.report.resources.reduce((sum, { conflicts }) => sum + conflicts, 0),
        expected: edited.conflicts,
      },
      last: last.took,
    }
  } finally {
    shops.close()
  }
}

const A_MINUTE = 60_000
