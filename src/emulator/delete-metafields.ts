import { ownerKey, type State } from './state.ts'

/** What programs kept with a thing goes with it. */
export const deleteMetafields = (state: State, type: string, id: number): void => {
  for (const row of state.metafields.where('owner', ownerKey(type, id))) state.metafields.delete(row.id)
}
