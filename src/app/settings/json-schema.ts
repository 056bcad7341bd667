import * as z from 'zod'
import type { Catalog } from '../../model/index.ts'
import { SCHEMA_OPTIONS } from './issues.ts'
import { configSchema } from './schema.ts'

/** The JSON Schema with which editors complete and check `sync.config.json`. */
export const configJsonSchema = (catalog: Catalog): object => ({
  ...z.toJSONSchema(configSchema(catalog), SCHEMA_OPTIONS),
  title: 'Skiff configuration',
  allowComments: true,
  allowTrailingCommas: true,
})
