import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { copyMirror, OlderMirrorError, openMirror } from '../../src/mirror/index.ts'
import type { Random } from '../../src/model/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { preciousIn } from './downgrade.ts'
import { COMMANDS, KINDS, type KillWorld, type Kind, openKillWorld } from './world.ts'

export interface Kills {
  readonly kills: number
  /** Kills that met the process before its end. */
  readonly met: number
  readonly byKind: Readonly<Record<string, number>>
  /** Requests that had left when a process died, each with its intent on disk. */
  readonly writes: number
  readonly faults: readonly string[]
}

/**
 * Kills the built command at chance moments, one kind of work after another, and looks at what it left behind: the file is sound,
 * the journal whole, every request that reached the store has its intent on disk. Then the same work is run to its end.
 */
export const runKills = async (kills: number, random: Random, tell: (text: string) => void): Promise<Kills> => {
  const world = await openKillWorld(random)
  const faults: string[] = []
  const byKind: Record<string, number> = {}
  let [met, writes] = [0, 0]
  try {
    const lengths = await settle(world, new Set(KINDS.slice(0, kills)))
    for (let kill = 1; kill <= kills; kill += 1) {
      const kind = KINDS[(kill - 1) % KINDS.length] as Kind
      await world.prepare(kind)
      if (kind === 'first') rmSync(join(world.box.dir, '.skiff'), { recursive: true, force: true })
      const precious = kind === 'migration' ? preciousIn(fileOf(world)) : null
      const mark = (await world.box.log()).length
      const [from, to] = SPAN[kind]
      const delay = lengths[kind] * (from + random() * (to - from))
      const { ended, process } = world.box.start(...COMMANDS[kind])
      await new Promise((resolve) => setTimeout(resolve, delay))
      if (process.kill('SIGKILL') && (await ended).exit === null) met += 1
      byKind[kind] = (byKind[kind] ?? 0) + 1
      const sent = (await world.box.log()).slice(mark)
      writes += sent.length
      const found = [
        ...(await inspect(world, sent)),
        ...changed(world, precious),
        ...(await finish(world, kind, precious)),
      ]
      faults.push(...found.map((fault) => `kill ${kill} (${kind} after ${delay.toFixed(0)} ms): ${fault}`))
      tell(
        `kill ${kill} of ${kills}: ${kind} after ${delay.toFixed(0)} ms${found.length ? `: ${found.join('; ')}` : ''}`,
      )
    }
  } finally {
    await world.box.close()
  }
  return { kills, met, byKind, writes, faults }
}

/** Part of the work's length that kills fall into: what pushes has its requests late, behind its start and its pull. */
const SPAN: Record<Kind, readonly [number, number]> = {
  pull: [0, 1.1],
  first: [0, 1.1],
  backup: [0.3, 1.1],
  migration: [0.3, 1.1],
  push: [0.5, 1.1],
  create: [0.5, 1.1],
  'write-back': [0.5, 1.1],
}

/** Every kind of work that is to be killed, once to its end, which tells how long it takes: ms by kind. */
const settle = async (world: KillWorld, kinds: ReadonlySet<Kind>): Promise<Record<Kind, number>> => {
  const lengths = {} as Record<Kind, number>
  const take = async (kind: Kind): Promise<void> => {
    if (!kinds.has(kind)) return
    // To read everything takes as long whether something was edited or not, and an edit would want a sync after it.
    if (kind !== 'pull') await world.prepare(kind)
    lengths[kind] = await runToEnd(world, COMMANDS[kind])
  }
  await take('first')
  // What is edited next has a base to be told by, as it has after a kill.
  await runToEnd(world, ['sync', '--yes'])
  for (const kind of KINDS) if (kind !== 'first') await take(kind)
  return lengths
}

/** How long a command takes that nobody kills, ms. */
const runToEnd = async ({ box }: KillWorld, command: readonly string[]): Promise<number> => {
  const from = performance.now()
  const { exit, err } = await box.skiff(...command)
  if (exit !== 0) throw new Error(`${command.join(' ')} ended with ${exit} before anything was killed: ${err}`)
  return performance.now() - from
}

type Sent = readonly { readonly method: string; readonly path: string; readonly body: unknown }[]

const fileOf = ({ box }: KillWorld): string => join(box.dir, '.skiff', 'main.db')

/** Whether a migration that was killed, or went on afterwards, took something from what is precious. */
const changed = (world: KillWorld, precious: string | null): readonly string[] =>
  precious === null || preciousIn(fileOf(world)) === precious
    ? []
    : ['the migration changed base, journal or conflicts']

const inspect = async (world: KillWorld, sent: Sent): Promise<readonly string[]> => {
  const path = fileOf(world)
  if (!existsSync(path)) return sent.length ? ['requests were sent and there is no mirror'] : []
  const faults: string[] = []
  const db = new Database(path)
  try {
    const verdict = db.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') faults.push(`the file is damaged: ${verdict}`)
    faults.push(...unannounced(db, sent))
  } finally {
    db.close()
  }
  try {
    return [...faults, ...brokenIn(path)]
  } catch (error) {
    if (!(error instanceof OlderMirrorError)) throw error
    return [...faults, ...(await copied(path))]
  }
}

const brokenIn = (path: string): readonly string[] => {
  const mirror = openMirror({ path, catalog, migrations: MIGRATIONS })
  try {
    const broken = mirror.brokenJournal()
    return broken === null ? [] : [`the journal is broken at ${broken}`]
  } finally {
    mirror.close()
  }
}

const MIGRATIONS = join(import.meta.dirname, '../../migrations')

/** A mirror that waits for its migration is looked at by copying it, which proves the copy. */
const copied = async (path: string): Promise<readonly string[]> => {
  try {
    await copyMirror(path, `${path}.look`)
    return []
  } catch (error) {
    return [String(error)]
  } finally {
    rmSync(`${path}.look`, { force: true })
  }
}

/** Rows that reached the store without an intent on disk. */
const unannounced = (db: Database.Database, sent: Sent): readonly string[] => {
  const hasJournal = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'sync_journal'`).get()
  if (!hasJournal) return sent.length ? ['requests were sent and there is no journal'] : []
  const announced = db
    .prepare(
      `SELECT change.value AS change FROM sync_plan, json_each(sync_plan.body, '$.changes') AS change
       WHERE EXISTS (SELECT 1 FROM sync_journal AS journal WHERE journal.plan = sync_plan.plan
         AND journal.change = change.value ->> 'id' AND journal.to_state = 'intent')`,
    )
    .pluck()
    .all()
    .map((text) => JSON.parse(text as string) as { entity: Record<string, unknown>; key: Record<string, unknown> })
  const ids = new Set(announced.flatMap(({ entity }) => Object.values(entity).map(String)))
  const keys = new Set(announced.flatMap(({ key }) => Object.values(key).map(String)))
  return sent.flatMap(({ method, path, body }) =>
    (Array.isArray(body) ? body : [body])
      .map((row) => row as { id?: number; sku?: string; search_keywords?: string })
      .filter(({ id, sku, search_keywords: words }) => {
        // What the merchant of this test edits is not Skiff's.
        if (words?.startsWith('edited')) return false
        return id === undefined ? !keys.has(String(sku)) : !ids.has(String(id))
      })
      .map((row) => `${method} ${path} was sent for ${row.id ?? row.sku} without an intent`),
  )
}

/** The work again, to its end, then everything: nothing is left to do and nothing was done twice. */
const finish = async (world: KillWorld, kind: Kind, precious: string | null): Promise<readonly string[]> => {
  const again = await world.box.skiff(...COMMANDS[kind])
  if (again.exit !== 0) return [`afterwards ${COMMANDS[kind].join(' ')} ended with ${again.exit}: ${again.err.trim()}`]
  if (kind === 'backup') return []
  if (kind === 'migration') return changed(world, precious)
  const all = await world.box.skiff('sync', '--yes')
  if (all.exit !== 0) return [`afterwards sync ended with ${all.exit}: ${all.err.trim()}`]
  return world.faults()
}
