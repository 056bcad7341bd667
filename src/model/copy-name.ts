/** What a sync of a migration is between, and which of its steps it is. */
export interface CopyName {
  readonly from: string
  readonly to: string
  readonly resource: string
  readonly step: string | undefined
}

/** What the syncs of a migration are called: `migrate.old.new.products`. */
export const copyName = ({ from, to }: Pick<CopyName, 'from' | 'to'>, resource: string): string =>
  `${WORD}.${from}.${to}.${resource}`

/** What a sync's name says of a migration; undefined for a sync of the configuration. */
export const readCopyName = (sync: string): CopyName | undefined => {
  const [word, from, to, resource = '', step] = sync.split('.')
  return word === WORD && from !== undefined && to !== undefined ? { from, to, resource, step } : undefined
}

/** The command that plans a sync again. */
export const planningCommand = (sync: string): string => {
  const copy = readCopyName(sync)
  return copy ? `skiff migrate ${copy.from} ${copy.to}` : `skiff plan ${sync}`
}

const WORD = 'migrate'
