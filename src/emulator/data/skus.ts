import type { Random } from '../../model/index.ts'
import { pick } from './dice.ts'

/** How a maker numbers its articles: the article's SKU, and that of one of its variants. */
export interface SkuStyle {
  article(noun: string, serial: number): string
  variant(article: string, codes: readonly string[]): string
}

/** Letters, digits, `.`, `_`, `-` only; the serial keeps them apart whatever the case. */
export const STYLES: readonly [SkuStyle, ...SkuStyle[]] = [
  {
    article: (noun, serial) => `${letters(noun).slice(0, 3).toUpperCase()}-${serial}`,
    variant: (article, codes) => [article, ...codes].join('-'),
  },
  {
    article: (noun, serial) => `${letters(noun).toLowerCase()}.${serial}`,
    variant: (article, codes) => [article, ...codes].join('.').toLowerCase(),
  },
  {
    article: (noun, serial) => `${letters(noun).charAt(0)}${serial}`,
    variant: (article, codes) => [article, ...codes].join('_'),
  },
]

/** What real shops also have: a separator of CSV, a quote, letters beyond ASCII, leading zeros, nothing at all. */
export const oddStyle = (random: Random): SkuStyle => {
  const article = pick(random, ODD)
  return { article, variant: (parent, codes) => (parent === '' ? '' : [parent, ...codes].join('-')) }
}

const ODD: readonly SkuStyle['article'][] = [
  (noun, serial) => `${letters(noun)},${serial}`,
  (noun, serial) => `12" ${letters(noun)} ${serial}`,
  (_noun, serial) => `ÉTÉ-${serial}`,
  (_noun, serial) => `手作り-${serial}`,
  (_noun, serial) => `000${serial}`,
  () => '',
]

const letters = (noun: string): string => noun.replace(/[^A-Za-z]/g, '')
