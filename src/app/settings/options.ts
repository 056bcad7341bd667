import type { OptionColumn } from '../../model/index.ts'
import type { Path } from './problems.ts'
import type { Reading } from './reading.ts'
import type { RawOption } from './schema.ts'

/** The columns that say what a row chooses. */
export const optionColumns = (reading: Reading, path: Path, options: readonly RawOption[]): readonly OptionColumn[] =>
  options.map(({ name, called, value }, index) => {
    if ((name === undefined) === (called === undefined))
      reading.add([...path, index], 'needs either "name" (a column) or "called" (the option’s name).')
    return { value, name: name === undefined ? { text: called ?? '' } : { column: name } }
  })
