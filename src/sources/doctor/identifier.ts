import { fieldOfColumn } from '../column-names.ts'
import type { Use } from './finding.ts'

/** Whether a column holds names of things that may look like numbers: keys, part numbers, and numbers of the trade. */
export const isIdentifier = (use: Use): boolean => use.role === 'key' || isCalled(use, ['sku', 'mpn', 'upc', 'gtin'])

/** Whether a column holds GTINs, by whatever name. */
export const isTradeNumber = (use: Use): boolean => isCalled(use, ['upc', 'gtin'])

const isCalled = ({ field, column, facts }: Use, names: readonly string[]): boolean =>
  facts.kind === 'text' && [field, fieldOfColumn(column) ?? ''].some((name) => names.includes(name))
