import { copyFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { copyMirror } from '../../../src/mirror/copy.ts'
import { openFile } from '../../../src/mirror/file.ts'
import { type Holder, type Mirror, openMirror } from '../../../src/mirror/index.ts'
import { type ChangeState, MirrorError } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'
import { change, planOf } from '../../support/cli-plan.ts'
import { AT, folder, look, MIGRATIONS } from './fixture.ts'

const holder: Holder = { pid: 7, host: 'here', since: AT, work: 'test' }

const writerAt = (path: string): Mirror => openMirror({ path, catalog, migrations: MIGRATIONS, writer: holder })

const planned = (path: string): Mirror => {
  const mirror = writerAt(path)
  mirror.savePlan(planOf({ plan: 'p1', changes: [change({ id: 1 }), change({ id: 2 })] }), 'open')
  return mirror
}

const step = (id: number, from: ChangeState = 'planned', to: ChangeState = 'approved') => ({
  plan: 'p1',
  change: id,
  run: 'r1',
  at: AT,
  from,
  to,
  evidence: {},
})

const aRun = { run: 'r1', verb: 'pull', what: 'x', started: AT, finished: null, state: 'running', exit: null } as const

describe('the lease of a mirror', () => {
  it('counts its holders, and every entry of the journal says which of them wrote it', () => {
    const path = join(folder(), 'main.db')
    const first = planned(path)
    first.journal([step(1)])
    first.close()
    const second = writerAt(path)
    second.journal([step(2)])
    expect(look(second, 'SELECT epoch FROM sync_journal')).toEqual([{ epoch: 1 }, { epoch: 2 }])
    expect(second.brokenJournal()).toBeNull()
    second.close()
  })

  it('P13: lets the older of two writers write nothing more', () => {
    const path = join(folder(), 'main.db')
    const older = planned(path)
    older.journal([step(1)])
    const newer = writerAt(path)
    for (const write of [
      () => older.journal([step(2)]),
      () => older.saveBase('s', [{ key: 'k', entity: '{}', fields: {} }], AT),
      () => older.saveRun({ ...aRun, report: null }),
    ]) {
      expect(write).toThrow(MirrorError)
      expect(write).toThrow(/another process has taken the mirror over/)
    }
    newer.journal([step(2)])
    expect(newer.journalOf('p1')).toHaveLength(2)
    older.close()
    newer.close()
  })

  it('is enforced by the database itself, whatever program writes', () => {
    const path = join(folder(), 'main.db')
    const mirror = planned(path)
    mirror.journal([step(1)])
    mirror.close()
    const other = new Database(path)
    const again = (epoch: string) =>
      other.exec(
        `INSERT INTO sync_journal (plan, change, run, at, from_state, to_state, evidence, prev_sha, sha, epoch)
         SELECT plan, change, run, at, from_state, to_state, evidence, sha, 'x', ${epoch} FROM sync_journal`,
      )
    expect(() => again('NULL')).toThrow(/another process has taken the mirror over/)
    expect(() => again('0')).toThrow(/another process has taken the mirror over/)
    other.close()
  })

  it('is part of what the chain of hashes covers', () => {
    const path = join(folder(), 'main.db')
    const mirror = planned(path)
    mirror.journal([step(1)])
    const other = new Database(path)
    other.exec('DROP TRIGGER sync_journal_no_update; UPDATE sync_journal SET epoch = 9')
    other.close()
    expect(mirror.brokenJournal()).toBe(1)
    mirror.close()
  })

  it('P11: stops a writer whose file was replaced', async () => {
    const path = join(folder(), 'main.db')
    const mirror = planned(path)
    mirror.journal([step(1)])
    await copyMirror(path, `${path}.new`)
    renameSync(`${path}.new`, path)
    expect(() => mirror.journal([step(2)])).toThrow(/replaced or removed/)
    expect(() => mirror.saveRun({ ...aRun, report: null })).toThrow(MirrorError)
    mirror.close()
  })

  it('P11: stops a writer whose file was moved away', () => {
    const path = join(folder(), 'main.db')
    const mirror = planned(path)
    renameSync(path, `${path}.old`)
    expect(() => mirror.journal([step(1)])).toThrow(/replaced or removed/)
    mirror.close()
  })
})

describe('a mirror whose last writer did not come to its end', () => {
  /** The files as a killed process leaves them. */
  const cutOff = (): string => {
    const path = join(folder(), 'main.db')
    const mirror = planned(path)
    mirror.journal([step(1), step(2)])
    const left = join(folder(), 'main.db')
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${left}${end}`)
    mirror.close()
    return left
  }

  it('opens when it is whole', () => {
    const mirror = writerAt(cutOff())
    expect(mirror.journalOf('p1')).toHaveLength(2)
    mirror.close()
  })

  it('P12: is refused when its journal is not what was written, and the newest good copy is named', async () => {
    const path = cutOff()
    const other = new Database(path)
    other.exec('DROP TRIGGER sync_journal_no_update')
    const good = join(folder(), 'main-20260302T090000Z.db')
    await copyMirror(path, good)
    other.exec("UPDATE sync_journal SET run = 'r8' WHERE seq = 2")
    other.close()
    const copies = { folder: join(good, '..'), store: 'main' }
    const options = { path, catalog, migrations: MIGRATIONS, copies }
    expect(() => openMirror({ ...options, writer: holder })).toThrow(/damaged/)
    expect(() => openMirror({ ...options, writer: holder })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`skiff restore ${good} --store main`) }),
    )
  })

  it('is looked at by the next writer only, and once', () => {
    const path = cutOff()
    const db = openFile(path)
    const clean = () => db.prepare('SELECT clean FROM sync_lease').pluck().get()
    expect(clean()).toBe(0)
    openMirror({ path, catalog, migrations: MIGRATIONS }).close()
    expect(clean()).toBe(0)
    writerAt(path).close()
    expect(clean()).toBe(1)
    db.close()
  })
})
