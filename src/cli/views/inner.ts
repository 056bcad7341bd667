import type { Change, FieldChange, Value, Values } from '../../model/index.ts'

/** The fields of a change, and after them one line for each row that is made with it or follows it. */
export const shownFields = ({ fields, nested = {}, follow = {} }: Change): readonly FieldChange[] => [
  ...fields.map((field) => (isChoices(field.to) ? { ...field, to: field.to.map(choice).join(', ') } : field)),
  ...Object.entries({ ...nested, ...follow }).flatMap(([resource, rows]) =>
    rows.map(
      (row, index): FieldChange => ({
        field: `${resource} ${index + 1}`,
        from: null,
        to: wordsOf(row),
        base: null,
        owner: 'source',
      }),
    ),
  ),
]

/** `SH-S, price 20, Size S`: text by itself, figures with their names, choices by option and label. */
const wordsOf = (row: Values): string =>
  Object.entries(row)
    .flatMap(([name, value]) =>
      Array.isArray(value)
        ? value.map(choice)
        : [typeof value === 'string' && !/^[\d.]+$/.test(value) ? value : `${name} ${String(value)}`],
    )
    .join(', ')

const isChoices = (value: Value): value is readonly Value[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object')

/** `Size S`: the words of a choice, without its ids. */
const choice = (value: Value): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .filter(([, part]) => typeof part === 'string')
        .sort(([a], [b]) => Number(a === 'label') - Number(b === 'label'))
        .map(([, part]) => part)
        .join(' ')
    : String(value)
