/** An option and the chosen value. */
export interface Pair {
  readonly option: string
  readonly label: string
}

/**
 * What a variant chooses, as exports of BigCommerce write it: `Type=Dropdown|Name=Size|Value=S|Type=...` of the present one, with or
 * without the bar between two of them, and `[RT]Size=S,[CS]Color=Red:#FF0000` of the one for bulk edits. Undefined for anything else.
 */
export const chosenIn = (text: string): readonly Pair[] | undefined => {
  const parts = text.startsWith('[') ? text.split(/,(?=\[[A-Z]+\])/).map(inBrackets) : named(text)
  return parts.length > 0 && parts.every((one) => one !== undefined) ? parts : undefined
}

const named = (text: string): readonly (Pair | undefined)[] =>
  text.startsWith('Type=')
    ? text
        .split('Type=')
        .slice(1)
        .map((part) => {
          const value = part.indexOf('|Value=')
          const name = part.indexOf('|Name=')
          if (name < 0 || value < name) return undefined
          return pair(
            part.slice(name + '|Name='.length, value),
            part.slice(value + '|Value='.length).replace(/\|$/, ''),
          )
        })
    : []

/** A swatch has its colour behind the value. */
const inBrackets = (text: string): Pair | undefined => {
  const [, type, option = '', value = ''] = /^\[([A-Z]+)\]([^=]*)=(.*)$/s.exec(text) ?? []
  return pair(option, type === 'CS' ? value.replace(/:[^:]*$/, '') : value)
}

const pair = (option: string, label: string): Pair | undefined =>
  option.trim() === '' || label.trim() === '' ? undefined : { option: option.trim(), label: label.trim() }
