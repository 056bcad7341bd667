import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

/** Why there are no product files of other programs here; undefined when there are. */
export const filesAbsent = (): string | undefined => (existsSync(FOLDER) ? undefined : '../shared/data is not there')

/** Such as `shopify/apparel.csv`. */
export const realFile = (name: string): string => FOLDER + name
