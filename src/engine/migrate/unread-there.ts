import type { Resource, UnreadRow } from '../../model/index.ts'
import { unreadRows } from '../unread-rows.ts'
import type { Moving } from './moving.ts'

/** Rows of the new store that could not be read when they were met last: what they hold is neither matched nor compared. */
export const unreadThere = ({ to }: Moving, resources: readonly Resource[]): readonly UnreadRow[] =>
  resources.flatMap((resource) => unreadRows(to, { resource, children: [] }))
