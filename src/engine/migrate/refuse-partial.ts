import { MirrorError, type PullReport } from '../../model/index.ts'

/** @throws {MirrorError} when a pull could not prove itself complete. */
export const refusePartial = ({ store, resources }: PullReport): void => {
  const partial = resources.find(({ complete }) => !complete)
  if (!partial) return
  throw new MirrorError(`the pull of ${store} could not prove itself complete: ${partial.resource}`, {
    hint: `run \`skiff pull ${store}\` and look at what it says`,
  })
}
