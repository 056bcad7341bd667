import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { inChild, ROOT } from '../in-child.ts'
import type { Cost } from '../measured.ts'
import { atMost, exponent, median, type Result, result } from '../result.ts'
import { STORE } from '../workspace.ts'
import type { Options } from './options.ts'

/**
 * Plans of a feed that changes one row in a hundred: when sync and store meet for the first time, of a file that was seen before, and
 * of one with the same rows in another layout. Beside them csv-parse alone, DuckDB and a Map written by hand over the same rows.
 */
export const plan = async ({ scale, rounds, say }: Options): Promise<readonly Result[]> => {
  const parent = mkdtempSync(join(tmpdir(), 'skiff-bench-'))
  try {
    const sizes: Size[] = []
    for (const part of [16, 4, 1]) {
      const folder = join(parent, `rows-${part}`)
      const skus = Math.max(200, Math.round((1_000_000 * scale) / part))
      mkdirSync(folder)
      say(`plan: filling a mirror with ${skus} SKUs`)
      await inChild('fillMirror', { folder, skus })
      sizes.push({ folder, ...(await inChild('makeFeed', { folder, rows: skus })) })
    }
    const found: Round[] = []
    for (let round = 1; round <= rounds; round += 1) {
      say(`plan: round ${round} of ${rounds}, ${sizes.at(-1)?.rows} rows`)
      found.push(await oneRound(join(parent, `round-${round}`), sizes))
    }
    if (!found[0]?.sqldiff) say('plan: there is no sqldiff here (Debian has it in sqlite3-tools); it is not measured')
    return resultsOf(found, sizes)
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

interface Size {
  readonly folder: string
  readonly rows: number
  readonly changed: number
}

interface Plans {
  /** Sync and store meet: every row goes into the base. */
  readonly contact: Cost
  /** The file was seen before. */
  readonly known: Cost
}

interface Round extends Plans {
  readonly csv: Cost
  /** The rows are known, the file is not. */
  readonly sight: Cost
  readonly duck: { readonly read: Cost; readonly both: Cost }
  readonly map: Cost
  /** Null where it is not installed. */
  readonly sqldiff: Cost | null
  /** Of a sixteenth and of a fourth of the rows. */
  readonly smaller: readonly Plans[]
}

const oneRound = async (folder: string, sizes: readonly Size[]): Promise<Round> => {
  const smaller: Plans[] = []
  for (const size of sizes.slice(0, -1)) smaller.push(await plansIn(folder, size))
  const whole = sizes.at(-1) as Size
  const plans = await plansIn(folder, whole)
  const { rows, changed } = whole
  const csv = await inChild('csvToNothing', { folder, rows })
  const duck = await inChild('planInDuckDb', { folder, changed })
  const map = await inChild('planByMap', { folder, changed })
  const sqldiff = await inChild('planBySqldiff', { folder, changed })
  await inChild('makeFeed', { folder, rows, turned: true })
  const sight = await planned(folder, changed)
  rmSync(folder, { recursive: true, force: true })
  return { ...plans, csv, duck, map, sqldiff, sight, smaller }
}

/** The first plan in a copy of a folder, and the next one of the same file. The copy stays. */
const plansIn = async (folder: string, size: Size): Promise<Plans> => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(size.folder, folder, { recursive: true })
  // The settings that it writes stay for the processes that only run the compiled library.
  const contact = await inChild('planFeed', { folder, changed: size.changed })
  return { contact, known: await planned(folder, size.changed) }
}

const planned = async (folder: string, changed: number): Promise<Cost> => {
  if (!existsSync(join(ROOT, 'dist', 'index.js'))) return inChild('planFeed', { folder, changed })
  const { stdout } = await run(process.execPath, [BUILT, folder, String(changed), STORE.accessToken])
  return JSON.parse(stdout) as Cost
}

const BUILT = fileURLToPath(new URL('../tasks/plan-built.mjs', import.meta.url))
const run = promisify(execFile)

const resultsOf = (rounds: readonly Round[], sizes: readonly Size[]): readonly Result[] => {
  const rows = sizes.at(-1)?.rows ?? 0
  const of = (figure: (round: Round) => number): number => median(rounds.map(figure))
  const line = (
    what: string,
    mine: (round: Round) => Cost,
    theirs: (round: Round) => Cost,
    goal: Result['goal'] = null,
  ) =>
    (['cpu', 'seconds'] as const).map((cost) =>
      result(
        'plan',
        `${what}, ${cost === 'cpu' ? 'processor' : 'clock'}`,
        rounds.map((round) => mine(round)[cost] / theirs(round)[cost]),
        goal,
        { rows, plan: of((round) => mine(round)[cost]), other: of((round) => theirs(round)[cost]) },
        of((round) => mine(round).peak),
      ),
    )
  const growth = (what: string, plans: keyof Plans) =>
    result(
      'plan',
      `growth exponent of a plan in rows, ${what}`,
      of((round) =>
        exponent(
          sizes.map((size) => size.rows),
          [...round.smaller, round].map((one) => one[plans].cpu),
        ),
      ),
      atMost(1.1),
      Object.fromEntries(
        sizes.map((size, at) => [`rows${size.rows}`, of((round) => [...round.smaller, round][at]?.[plans].cpu ?? 0)]),
      ),
    )
  const megabytes = (cost: (round: Round) => Cost | undefined) => of((round) => (cost(round)?.peak ?? 0) / 1024 / 1024)
  const memory = { known: megabytes(({ known }) => known), sight: megabytes(({ sight }) => sight) }
  const fourth = megabytes(({ smaller }) => smaller[1]?.known)
  return [
    ...line(
      'plan of a file never seen, its rows known / csv-parse alone',
      ({ sight }) => sight,
      ({ csv }) => csv,
      atMost(1.3),
    ),
    ...line(
      'plan of a known file / csv-parse alone',
      ({ known }) => known,
      ({ csv }) => csv,
    ),
    ...line(
      'plan of a known file / DuckDB that holds the mirror and reads the feed',
      ({ known }) => known,
      ({ duck }) => duck.read,
      atMost(1.5),
    ),
    ...line(
      'plan of a known file / DuckDB that holds both sides',
      ({ known }) => known,
      ({ duck }) => duck.both,
      atMost(1.5),
    ),
    ...line(
      'plan of a known file / a Map by hand',
      ({ known }) => known,
      ({ map }) => map,
    ),
    ...(rounds[0]?.sqldiff
      ? line(
          'plan of a known file / sqldiff over two tables',
          ({ known }) => known,
          ({ sqldiff, csv }) => sqldiff ?? csv,
        ).slice(1)
      : []),
    ...line(
      'plan at first contact of sync and store / csv-parse alone',
      ({ contact }) => contact,
      ({ csv }) => csv,
    ),
    result('plan', 'peak memory of a plan of a known file / 256 MB', memory.known / 256, atMost(1), memory),
    result('plan', 'peak memory of a plan of a file never seen / 256 MB', memory.sight / 256, atMost(1), memory),
    result('plan', 'peak memory of a plan of a known file / one of a fourth of the rows', memory.known / fourth, null, {
      ...memory,
      fourth,
    }),
    growth('known file', 'known'),
    growth('first contact', 'contact'),
  ]
}
