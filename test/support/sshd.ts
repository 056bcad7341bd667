import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path))

/** Whether this machine can run an OpenSSH server, and what a title says when it cannot. */
export const hasSshd = SSHD !== undefined
export const sshdNote = SSHD ? '' : ' SKIPPED: there is no sshd on this machine'

export interface Sshd {
  /** A folder that the server shows. */
  readonly dir: string
  readonly port: number
  readonly user: string
  /** Fingerprint of the server's key. */
  readonly hostKey: string
  /** Of a user that may log in. */
  readonly privateKey: string
  /** Makes a pair of keys and gives the private one's path. */
  keygen(name: string): string
  close(): void
}

/** A real OpenSSH server of this machine, on a port and with keys of its own. */
export const startSshd = async (): Promise<Sshd> => {
  const dir = mkdtempSync(join(tmpdir(), 'skiff-sftp-'))
  chmodSync(dir, 0o755)
  const keygen = (name: string): string => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)])
    return join(dir, name)
  }
  const host = keygen('host')
  const client = keygen('client')
  writeFileSync(join(dir, 'authorized'), readFileSync(`${client}.pub`), { mode: 0o600 })
  mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
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
  const server: ChildProcess = spawn(SSHD ?? '', ['-D', '-e', '-f', join(dir, 'config')], { stdio: 'ignore' })
  for (let tries = 0; tries < 200 && !(await listens(port)); tries += 1) {
    await new Promise((done) => setTimeout(done, 50))
  }
  return {
    dir,
    port,
    user: userInfo().username,
    hostKey: execFileSync('ssh-keygen', ['-l', '-f', `${host}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '',
    privateKey: readFileSync(client, 'utf8'),
    keygen,
    close: () => {
      server.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

const listens = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
