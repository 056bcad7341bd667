import { type Body, type Chosen, lookUp, type Sole, type Told, UnexpectedAnswerError } from '../model/index.ts'

/** The body that the newer API would give for a row of the older one; what that does not tell is left out. */
export const newerBody = (told: Readonly<Record<string, Told>>, older: Body): Record<string, unknown> => {
  const body: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(told)) {
    const value = toldIn(one, older)
    if (value !== undefined) body[name] = value
  }
  return body
}

const toldIn = (told: Told, older: Body): unknown => {
  if (typeof told === 'string') return lookUp(older, told)
  const value = lookUp(older, told.at)
  if (value === undefined) return undefined
  if ('words' in told) return told.words[String(value)] ?? value
  if ('under' in told) return value === null || value === '' ? null : { [told.under]: value }
  return Array.isArray(value) ? value : listOf(String(value ?? ''), told.list)
}

const listOf = (text: string, kind: 'texts' | 'ids'): readonly unknown[] => {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return kind === 'ids' ? parts.map(Number) : parts
}

/** The row that stands for a parent that is sold as it is. */
export const soleRow = ({ key, told, none }: Sole, parent: Body, parentKey: number): Body => ({
  ...newerBody(told, parent),
  ...Object.fromEntries(none.map((name) => [name, []])),
  [key]: -parentKey,
})

/**
 * What a row chooses, in the newer API's words.
 * @throws {UnexpectedAnswerError} where it names something that is in none of the lists.
 */
export const chosenOf = (
  { at, option, value, options: optionList, values: valueList, as }: Chosen,
  row: Body,
  options: readonly Body[],
  values: readonly Body[],
): readonly Body[] => {
  const choices = lookUp(row, at)
  return (Array.isArray(choices) ? (choices as Body[]) : []).map((choice) => {
    const of = options.find((one) => one['id'] === choice[option])
    const what = values.find((one) => one['id'] === choice[value])
    if (!of || !what) {
      throw new UnexpectedAnswerError(`a row chooses ${JSON.stringify(choice)}, which no list of options has`, {
        hint: 'Run it again: options may have changed while they were read.',
      })
    }
    return {
      [as.value]: choice[value],
      [as.valueWord]: what[valueList.word],
      [as.option]: choice[option],
      [as.optionWord]: of[optionList.word],
    }
  })
}
