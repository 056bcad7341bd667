import type { Resource } from '../../model/index.ts'
import type { Moving } from './moving.ts'

/**
 * Resources of which nothing tells when a row changed, so that all of their rows are compared although only those since a time are
 * asked for; none where no time is said.
 */
export const undated = ({ from, options }: Moving, resources: readonly Resource[]): readonly string[] =>
  options.since === null
    ? []
    : resources.flatMap((resource) => {
        const isDated = resource.api.list?.since !== undefined
        const isEmpty = () => from.mirror.lookup(resource, resource.key).count() === 0
        return isDated || !resource.moves?.by.length || isEmpty() ? [] : [resource.name]
      })
