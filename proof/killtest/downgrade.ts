import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { stableJson } from '../../src/model/index.ts'

const UNDONE = ['0006_lease.sql', '0007_retention.sql']

interface Entry {
  readonly seq: number
  readonly plan: string
  readonly change: number
  readonly run: string
  readonly at: string
  readonly from_state: string
  readonly to_state: string
  readonly evidence: string
}

/** Makes of a mirror what the first version wrote: without lease and anchor, its journal chained as it was then. */
export const downgrade = (path: string): void => {
  const db = new Database(path)
  try {
    db.transaction(() => {
      for (const name of ['no_update', 'no_delete', 'newest_writer']) db.exec(`DROP TRIGGER sync_journal_${name}`)
      db.exec('DROP TABLE sync_lease; DROP TABLE sync_journal_anchor')
      const put = db.prepare('UPDATE sync_journal SET prev_sha = ?, sha = ? WHERE seq = ?')
      let previous = ''
      for (const { seq, plan, change, run, at, from_state: from, to_state: to, evidence } of db
        .prepare('SELECT * FROM sync_journal ORDER BY seq')
        .all() as Entry[]) {
        const sha = createHash('sha256')
          .update(stableJson([previous, plan, change, run, at, from, to, JSON.parse(evidence)]))
          .digest('hex')
        put.run(previous, sha, seq)
        previous = sha
      }
      db.exec('ALTER TABLE sync_journal DROP COLUMN epoch')
      for (const what of ['UPDATE', 'DELETE']) {
        db.exec(`CREATE TRIGGER sync_journal_no_${what.toLowerCase()} BEFORE ${what} ON sync_journal
          BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END`)
      }
      for (const name of UNDONE) db.prepare('DELETE FROM sync_migration WHERE name = ?').run(name)
    })()
  } finally {
    db.close()
  }
}

/** What no migration may change: the rows of what is precious, whatever columns are new. */
export const preciousIn = (path: string): string => {
  const db = new Database(path, { readonly: true })
  try {
    return stableJson(
      ['sync_base', 'sync_journal', 'sync_conflict', 'sync_change'].map((table) =>
        (db.prepare(`SELECT * FROM ${table}`).all() as Record<string, string>[]).map(({ epoch: _, ...row }) => row),
      ),
    )
  } finally {
    db.close()
  }
}
