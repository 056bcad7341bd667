import { type ExpressionFunction, literal, type Surroundings, text, Unusable } from './function.ts'

/** Values out of the tables that the configuration names. */
export const lookupFunctions = ({ tables }: Surroundings): readonly ExpressionFunction[] => {
  const params = [
    literal('table', (name) => (tables.names.includes(name) ? undefined : 'is no table of "tables"')),
    text('key'),
    literal('column', () => undefined),
  ]
  const find = (table: string, key: string, column?: string) => tables.find(table, key.trim(), column ?? null)
  return [
    {
      name: 'lookup',
      params,
      least: 2,
      gives: 'string',
      call: (table: string, key: string, column?: string) => find(table, key, column) ?? '',
    },
    {
      name: 'lookup_or_fail',
      params,
      least: 2,
      gives: 'string',
      call: (table: string, key: string, column?: string) => {
        const found = find(table, key, column)
        if (found === undefined) throw new Unusable(`table "${table}" has no key ${JSON.stringify(key)}`)
        return found
      },
    },
  ]
}
