import type { Command } from '../model/index.ts'

/** What is done with a row: it is compared, made, taken out of the store, or left alone. */
export type Deed = 'compare' | 'create' | 'delete' | 'rest'

/** What a row's command makes of it, by whether the store has the row. A command only ever takes away from what a sync does by itself. */
export const deedOf = (command: Command | undefined, isThere: boolean): Deed => {
  switch (command) {
    case 'skip':
      return 'rest'
    case 'delete':
      return isThere ? 'delete' : 'rest'
    case 'create':
      return isThere ? 'rest' : 'create'
    case 'update':
      return isThere ? 'compare' : 'rest'
    default:
      return isThere ? 'compare' : 'create'
  }
}
