import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { configJsonSchema } from '../src/app/settings/index.ts'
import { catalog } from '../src/resources/index.ts'

/** Every generated file, by its path from the root of the repository. */
export const generated = (): Readonly<Record<string, string>> => ({
  'config/sync.schema.json': `${JSON.stringify(configJsonSchema(catalog), null, 2)}\n`,
})

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [path, text] of Object.entries(generated())) writeFileSync(new URL(`../${path}`, import.meta.url), text)
}
