import { COMMANDS, type Command, type CommandColumn } from '../model/index.ts'
import { withoutBlanks } from './cell.ts'

/** What a cell says that is to become of its row: a command, nothing in particular, or why that cannot be told, to follow "is". */
export type CommandCell = { readonly command: Command | undefined } | { readonly reason: string }

/** Reader of the cells of a command column. */
export const commandReader = ({ map = {} }: Pick<CommandColumn, 'map'>): ((cell: string) => CommandCell) => {
  const meant = new Map(Object.entries(map).map(([text, word]) => [text.toLowerCase(), word]))
  return (cell) => {
    const text = withoutBlanks(cell).toLowerCase()
    const word = (meant.get(text) ?? text).toLowerCase()
    const command = COMMANDS.find((known) => known === word)
    if (command === undefined && word !== '') return { reason: `none of the commands ${COMMANDS.join(', ')}` }
    return { command }
  }
}
