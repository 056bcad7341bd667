import { readFileSync } from 'node:fs'
import { commandsPage } from './commands.ts'
import { configPage } from './config.ts'
import { errorsPage } from './errors.ts'
import { expectationsTable } from './expectations.ts'
import { faultsPage } from './faults.ts'
import { jsonPage, jsonSchemaFile } from './json.ts'
import { resourcesPage } from './resources.ts'
import { roomsList, roomsTable } from './rooms.ts'
import { between } from './text.ts'

/** Every page that is generated, wholly or in part, by its path from the root of the repository. */
export const documents = async (): Promise<Readonly<Record<string, string>>> => ({
  'docs/reference/resources.md': resourcesPage(),
  'docs/reference/errors.md': errorsPage(),
  'docs/reference/faults.md': faultsPage(),
  'docs/reference/commands.md': await commandsPage(),
  'docs/reference/config.md': configPage(),
  'docs/reference/json.md': jsonPage(),
  'docs/reference/json.schema.json': jsonSchemaFile(),
  'docs/performance.md': between(read('docs/performance.md'), 'expectations', expectationsTable()),
  'docs/architecture.md': between(read('docs/architecture.md'), 'rooms', roomsTable()),
  'CONTRIBUTING.md': between(read('CONTRIBUTING.md'), 'rooms', roomsList()),
})

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
