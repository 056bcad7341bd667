// Installs what is missing and nothing else: the stamp holds the lockfile, the Node ABI and the architecture it was made for.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const [major, minor] = process.versions.node.split('.').map(Number)
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22)) {
  console.error(
    `Skiff needs Node 20.19 or newer (found ${process.versions.node}). Install Node 20, 22 or 24 and try again.`,
  )
  process.exit(1)
}

const lock = readFileSync(join(root, 'package-lock.json'))
const wanted = createHash('sha256')
  .update(lock)
  .update(`${process.versions.modules} ${process.platform} ${process.arch}`)
  .digest('hex')
const stamp = join(root, 'node_modules', '.setup-stamp')

if (!(existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted)) {
  console.error('Installing packages. SQLite may be compiled once, which takes one to two minutes.')
  // npm 11's `ci` refuses a lockfile whose registry lacks other platforms' builds; a plain install of the same lock works.
  if (!npm('ci', '--no-audit', '--no-fund') && !npm('install', '--no-save', '--no-audit', '--no-fund')) {
    console.error(
      'npm could not install the packages. Read its message above; behind a proxy, check `npm config get registry`.',
    )
    process.exit(1)
  }
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

function npm(...args) {
  return (
    spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' }).status === 0
  )
}
