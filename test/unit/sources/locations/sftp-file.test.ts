import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SftpFileOptions, sftpFile } from '../../../../src/sources/locations/sftp-file.ts'
import { readAll } from './support.ts'

// A real OpenSSH server of this machine, on a port and with keys of its own.
const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path))
const REASON = SSHD ? '' : ' SKIPPED: there is no sshd on this machine'

let dir: string
let server: ChildProcess | undefined
let port = 0
let hostKey = ''
let clientKey = ''

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

const listens = (at: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(at, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })

const keygen = (name: string): string => {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)])
  return join(dir, name)
}

beforeAll(async () => {
  if (!SSHD) return
  dir = mkdtempSync(join(tmpdir(), 'skiff-sftp-'))
  chmodSync(dir, 0o755)
  const host = keygen('host')
  const client = keygen('client')
  clientKey = readFileSync(client, 'utf8')
  hostKey = execFileSync('ssh-keygen', ['-l', '-f', `${host}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? ''
  writeFileSync(join(dir, 'authorized'), readFileSync(`${client}.pub`), { mode: 0o600 })
  mkdirSync('/run/sshd', { recursive: true })
  port = await freePort()
  const options = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${host}`,
    `AuthorizedKeysFile ${join(dir, 'authorized')}`,
    'Subsystem sftp internal-sftp',
    'StrictModes no',
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication no',
  ]
  writeFileSync(join(dir, 'config'), `${options.join('\n')}\n`)
  server = spawn(SSHD, ['-D', '-e', '-f', join(dir, 'config')], { stdio: 'ignore' })
  for (let tries = 0; tries < 100 && !(await listens(port)); tries += 1)
    await new Promise((done) => setTimeout(done, 50))
})

afterAll(() => {
  server?.kill()
  if (dir) rmSync(dir, { recursive: true, force: true })
})

const at = (name: string, more: Partial<SftpFileOptions> = {}) =>
  sftpFile({
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    path: join(dir, name),
    hostKey,
    login: () => ({ privateKey: clientKey }),
    ...more,
  })

describe.skipIf(!SSHD)(`a file on an SFTP server${REASON}`, () => {
  it('is read with the time of its last change', async () => {
    const text = `SKU,Price\n${'A1,1.50\n'.repeat(50_000)}`
    writeFileSync(join(dir, 'feed.csv'), text)
    const modified = `${statSync(join(dir, 'feed.csv')).mtime.toISOString().slice(0, 19)}Z`
    const origin = `sftp://${userInfo().username}@127.0.0.1:${port}${join(dir, 'feed.csv')}`
    expect(await readAll(at('feed.csv'))).toEqual({ text, modified, origin })
  })

  it('is not asked for at a server whose key is another, or was not declared; the key that was met is told', async () => {
    const seen: string[] = []
    const login = () => {
      seen.push('asked')
      return { privateKey: clientKey }
    }
    await expect(at('feed.csv', { hostKey: 'SHA256:other' }).open()).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`shows the key ${hostKey}, not SHA256:other`),
    })
    await expect(at('feed.csv', { hostKey: undefined, login }).open()).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining(`then set "hostKey": "${hostKey}"`),
    })
  })

  it('is refused with a wrong key of the user, a missing file, a folder, and no server', async () => {
    const stranger = readFileSync(keygen('stranger'), 'utf8')
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
