/** What a number may mean: plain digits with a point, and the decimal sign that was read so; none where it is whole. */
export interface Spelling {
  readonly digits: string
  readonly sign: '.' | ',' | null
}

/**
 * Everything that the text of a number may mean: one when it is certain, two when its only sign may be either (`1.234`), none when
 * it is no number.
 */
export const spellings = (text: string): readonly Spelling[] => {
  const [, minus = '', body = ''] = /^(-?)(\d[\d.,' \u00a0\u202f\u2019]*)$/.exec(text) ?? []
  const bare = body.replace(/(?<=\d)[' \u00a0\u202f\u2019](?=\d{3}(?!\d))/g, '')
  if (!/^\d[\d.,]*$/.test(bare)) return []
  return meanings(bare).map(({ digits, sign }) => ({ digits: minus + digits, sign }))
}

const meanings = (text: string): readonly Spelling[] => {
  if (/^\d+$/.test(text)) return [{ digits: text, sign: null }]
  for (const { sign, other, grouped, groups, decimal, either } of MANNERS) {
    if (grouped.test(text)) return [{ digits: text.replaceAll(other, '').replace(sign, '.'), sign }]
    if (groups.test(text)) return [{ digits: text.replaceAll(sign, ''), sign: other }]
    if (!decimal.test(text)) continue
    const whole: Spelling = { digits: text.replace(sign, ''), sign: other }
    const parts: Spelling = { digits: text.replace(sign, '.'), sign }
    return either.test(text) ? [parts, whole] : [parts]
  }
  return []
}

const MANNERS = [
  {
    sign: '.',
    other: ',',
    grouped: /^\d{1,3}(?:,\d{3})+\.\d+$/,
    groups: /^\d{1,3}(?:\.\d{3}){2,}$/,
    decimal: /^\d+\.\d+$/,
    either: /^[1-9]\d{0,2}\.\d{3}$/,
  },
  {
    sign: ',',
    other: '.',
    grouped: /^\d{1,3}(?:\.\d{3})+,\d+$/,
    groups: /^\d{1,3}(?:,\d{3}){2,}$/,
    decimal: /^\d+,\d+$/,
    either: /^[1-9]\d{0,2},\d{3}$/,
  },
] as const
