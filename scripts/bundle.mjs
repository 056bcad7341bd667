// Puts the program and what it is made of into a few files: a command starts in half the time, because a thousand small files need
// not be found and read. Drivers that are optional, native or rarely needed stay packages of their own.
import { readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(root, 'src')
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** A file finds what lies beside it by its own address, which a bundle changes. */
const ownAddress = {
  name: 'own-address',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!path.startsWith(source + sep)) return undefined
      const text = await readFile(path, 'utf8')
      const place = relative(source, path).replaceAll(sep, '/').replace(/\.ts$/, '.js')
      const address = `new URL(${JSON.stringify(`../${place}`)}, import.meta.url).href`
      return { contents: text.replaceAll('import.meta.url', address), loader: 'ts' }
    }),
}

rmSync(join(root, 'dist/chunks'), { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts', 'src/index.ts', 'src/mirror/query-worker.ts'],
  outdir: 'dist',
  outbase: 'src',
  bundle: true,
  splitting: true,
  // Everything but the entry points lies one folder deep, as `own-address` expects.
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  // undici gets no answers from inside a bundle.
  external: [...Object.keys(peerDependencies), 'better-sqlite3', 'nodemailer', 'pino', 'undici'],
  sourcemap: true,
  logLevel: 'warning',
  plugins: [ownAddress],
  // Packages of the older kind ask for others with `require`.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
})
