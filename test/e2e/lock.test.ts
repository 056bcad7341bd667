import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { lockStore } from '../../src/mirror/index.ts'

const RACERS = 20
const dir = mkdtempSync(join(tmpdir(), 'skiff-race-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** The lock alone, where its packages are found. */
const LOCK = resolve('dist/lock.test.mjs')
buildSync({
  entryPoints: ['src/mirror/lock.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  outfile: LOCK,
})

/** Takes the lock, says so, and keeps it until its input ends. */
const SCRIPT = `
  const { lockStore } = await import(${JSON.stringify(LOCK)})
  try {
    globalThis.lock = lockStore(${JSON.stringify(join(dir, 'main.db'))}, { pid: process.pid, host: 'here', since: 'now', work: 'race' })
    process.stdout.write('won')
  } catch (error) {
    process.stdout.write(error.code)
  }
  process.stdin.resume().on('end', () => process.exit())
`

const race = () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said = new Promise<string>((done) => child.stdout.once('data', (text) => done(String(text))))
  const ended = new Promise((done) => child.once('exit', done))
  return { said, ended, end: () => child.stdin.end() }
}

/** Asks without end who holds the store, as a monitor with `skiff status` does. */
const WATCH = `
  const { lockHolder } = await import(${JSON.stringify(LOCK)})
  process.stdout.write('watching')
  for (;;) lockHolder(${JSON.stringify(join(dir, 'watched.db'))})
`

describe('the lock among processes', () => {
  it('P13: is not lost to somebody who only asks who holds it', async () => {
    const path = join(dir, 'watched.db')
    const me = { pid: process.pid, host: 'here', since: 'now', work: 'pull' }
    lockStore(path, me).release()
    const watcher = spawn(process.execPath, ['--input-type=module', '-e', WATCH], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(watcher.stdout, 'data')
    try {
      for (let round = 0; round < 200; round += 1) lockStore(path, me).release()
    } finally {
      watcher.kill('SIGKILL')
      await once(watcher, 'exit')
    }
  })

  it('P13: goes to exactly one of twenty, and is free again with its process', async () => {
    const racers = Array.from({ length: RACERS }, race)
    const said = await Promise.all(racers.map((one) => one.said))
    expect(said.filter((word) => word === 'won')).toHaveLength(1)
    expect(said.filter((word) => word === 'locked')).toHaveLength(RACERS - 1)
    for (const { end } of racers) end()
    await Promise.all(racers.map(({ ended }) => ended))
    const next = race()
    expect(await next.said).toBe('won')
    next.end()
    await next.ended
  })
})
