import { ENCODED } from './encodings.ts'
import { FEEDS } from './feeds.ts'
import type { Input } from './goods.ts'
import { KEYS } from './keys.ts'
import { NUMBERS } from './numbers.ts'
import { STRUCTURE } from './structure.ts'
import { TEXTS } from './texts.ts'

/** Every file, with what is to come of it. The same on every machine and every day. */
export const INPUTS: readonly Input[] = [...STRUCTURE, ...ENCODED, ...NUMBERS, ...KEYS, ...TEXTS, ...FEEDS]
