import { appendFileSync, chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SftpFileOptions, sftpFile } from '../../../../src/sources/locations/sftp-file.ts'
import { freePort, hasSshd, type Sshd, sshdNote, startSshd } from '../../../support/sshd.ts'
import { readAll } from './support.ts'

let server: Sshd
let dir: string
beforeAll(async () => {
  if (!hasSshd) return
  server = await startSshd()
  dir = server.dir
}, 30_000)
afterAll(() => server?.close())

/** No wait takes time. */
const PATIENT = { now: () => Date.now(), sleep: async () => undefined }

const at = (name: string, more: Partial<SftpFileOptions> = {}) =>
  sftpFile({
    host: '127.0.0.1',
    port: server.port,
    user: server.user,
    path: join(dir, name),
    hostKey: server.hostKey,
    login: () => ({ privateKey: server.privateKey }),
    clock: PATIENT,
    ...more,
  })

describe.skipIf(!hasSshd)(`a file on an SFTP server${sshdNote}`, { timeout: 30_000 }, () => {
  it('is read with the time of its last change', async () => {
    const text = `SKU,Price\n${'A1,1.50\n'.repeat(50_000)}`
    writeFileSync(join(dir, 'feed.csv'), text)
    const modified = `${statSync(join(dir, 'feed.csv')).mtime.toISOString().slice(0, 19)}Z`
    const origin = `sftp://${server.user}@127.0.0.1:${server.port}${join(dir, 'feed.csv')}`
    expect(await readAll(at('feed.csv'))).toEqual({ text, modified, origin })
  })

  it('D11: is waited for while its whole second is not over, and refused when it was written in that time', async () => {
    const waits: number[] = []
    const second = Math.floor(Date.now() / 1000)
    const sleeping = (meanwhile: () => void) => ({
      now: () => second * 1000 + 500,
      sleep: async (ms: number) => {
        waits.push(ms)
        meanwhile()
      },
    })
    const file = join(dir, 'young.csv')
    const write = (text: string, seconds: number) => {
      writeFileSync(file, text)
      utimesSync(file, seconds, seconds)
    }
    write('SKU,Price\nA,1\n', second)
    expect(await readAll(at('young.csv', { clock: sleeping(() => undefined) }))).toMatchObject({
      text: 'SKU,Price\nA,1\n',
    })
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeLessThanOrEqual(2000)
    const again = sleeping(() => write('SKU,Price\nA,2\n', second + 1))
    expect(await readAll(at('young.csv', { clock: again }))).toContain('changed while it was read')
    write('SKU,Price\nA,3\n', second - 60)
    expect(await readAll(at('young.csv', { clock: sleeping(() => undefined) }))).toMatchObject({
      text: 'SKU,Price\nA,3\n',
    })
    expect(waits).toHaveLength(2)
  })

  it('may be left in the middle: nothing of what was asked for fails later', async () => {
    writeFileSync(join(dir, 'left.csv'), 'SKU,Price\n'.repeat(20_000))
    const failures: unknown[] = []
    const note = (error: unknown) => failures.push(error)
    process.prependListener('uncaughtException', note)
    try {
      for (let time = 0; time < 8; time += 1) {
        const reading = await at('left.csv').open()
        let size = 0
        for await (const chunk of reading.bytes) {
          size += chunk.length
          if (size > time * 30_000) break
        }
        await reading.close()
      }
    } finally {
      process.removeListener('uncaughtException', note)
    }
    expect(failures).toEqual([])
  })

  it('is not read from a server whose key is another, or was not declared; the key that was met is told', async () => {
    await expect(at('feed.csv', { hostKey: 'SHA256:other' }).open()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`shows the key ${server.hostKey}, not SHA256:other`),
    })
    await expect(at('feed.csv', { hostKey: undefined }).open()).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining(`then set "hostKey": "${server.hostKey}"`),
    })
  })

  it('is refused with a wrong key of the user, a missing file, a folder, and no server', async () => {
    const stranger = readFileSync(server.keygen('stranger'), 'utf8')
    expect(await readAll(at('feed.csv', { login: () => ({ privateKey: stranger }) }))).toContain(
      'look at the user, and at what',
    )
    expect(await readAll(at('missing.csv'))).toContain('missing.csv does not exist')
    expect(await readAll(at('.'))).toContain('is not a file')
    expect(await readAll(at('feed.csv', { port: await freePort() }))).toContain('cannot be reached')
  })

  it('D11: is refused when it changes while it is read', async () => {
    writeFileSync(join(dir, 'grows.csv'), 'SKU,Price\nA1,1\n')
    const reading = await at('grows.csv').open()
    // However fast it grows, no more is read than there was.
    for await (const _chunk of reading.bytes) appendFileSync(join(dir, 'grows.csv'), 'A2,2\n')
    await expect(reading.finish()).rejects.toThrow('changed while it was read')
    await reading.close()
  })

  it('D10: shows by its size and time whether it is still written', async () => {
    writeFileSync(join(dir, 'moves.csv'), 'a')
    const before = await at('moves.csv').look?.()
    expect(await at('moves.csv').look?.()).toBe(before)
    appendFileSync(join(dir, 'moves.csv'), 'b')
    expect(await at('moves.csv').look?.()).not.toBe(before)
  })

  it('is replaced by one rename, keeps its mode, and leaves nothing beside it', async () => {
    const path = join(dir, 'back.csv')
    writeFileSync(path, 'old', { mode: 0o640 })
    chmodSync(path, 0o640)
    const { ino } = statSync(path)
    await at('back.csv').replace?.(Buffer.from('old'), Buffer.from('new'))
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(statSync(path).mode & 0o777).toBe(0o640)
    expect(statSync(path).ino).not.toBe(ino)
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([])
  })

  it('is left alone when it is no longer what was read', async () => {
    const path = join(dir, 'back.csv')
    writeFileSync(path, 'newer')
    await expect(at('back.csv').replace?.(Buffer.from('old'), Buffer.from('new'))).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('changed since it was read'),
    })
    expect(readFileSync(path, 'utf8')).toBe('newer')
    expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toEqual([])
  })
})
