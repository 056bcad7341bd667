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
  for (const [sign, other] of SIGNS) {
    const both = new RegExp(`^\\d{1,3}(?:\\${other}\\d{3})+\\${sign}\\d+$`)
    if (both.test(text)) return [{ digits: text.replaceAll(other, '').replace(sign, '.'), sign }]
    if (new RegExp(`^\\d{1,3}(?:\\${sign}\\d{3}){2,}$`).test(text))
      return [{ digits: text.replaceAll(sign, ''), sign: other }]
    if (!new RegExp(`^\\d+\\${sign}\\d+$`).test(text)) continue
    const decimal: Spelling = { digits: text.replace(sign, '.'), sign }
    const isEither = new RegExp(`^[1-9]\\d{0,2}\\${sign}\\d{3}$`).test(text)
    return isEither ? [decimal, { digits: text.replace(sign, ''), sign: other }] : [decimal]
  }
  return []
}

const SIGNS = [
  ['.', ','],
  [',', '.'],
] as const
