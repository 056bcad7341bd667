import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { configJsonSchema } from '../src/app/settings/index.ts'
import { catalog } from '../src/resources/index.ts'
import { documents } from './docs/index.ts'

/** The generated files that the program itself uses, by its path from the root of the repository. */
export const generated = (): Readonly<Record<string, string>> => ({
  'config/sync.schema.json': `${JSON.stringify(configJsonSchema(catalog), null, 2)}\n`,
})

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const all = { ...generated(), ...(await documents()) }
  for (const [path, text] of Object.entries(all)) writeFileSync(new URL(`../${path}`, import.meta.url), text)
}
