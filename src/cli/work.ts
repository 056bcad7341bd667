import { openWorkspace, type Workspace } from '../app/index.ts'
import { EXIT, type Exit, InterruptedError, worstExit } from '../model/index.ts'
import type { Face } from './face.ts'
import { faultDocument, faultOf } from './fault.ts'
import type { Screen } from './views/screen.ts'

/** The configuration of a face with everything it names within reach. */
export const workspaceOf = (face: Face): Workspace =>
  openWorkspace(face.settings(), {
    signal: face.io.signal,
    progress: face.progress,
    waitMs: face.common.wait ?? 0,
  })

/** A person sees what is told on the way; a schedule writes it into a file or a mail. */
export const isWatched = ({ io }: Face): boolean => io.stderr.isTTY === true

/** What one piece of work came to. */
export interface Result {
  readonly exit: Exit
  readonly document: unknown
  view(screen: Screen): string
}

/**
 * One piece of work after the other. A failure of one does not keep the others from being done, a signal does. Several results
 * make one document: their list.
 */
export const oneByOne = async <T>(
  face: Face,
  targets: readonly T[],
  work: (target: T) => Promise<Result>,
): Promise<Exit> => {
  if (targets.length === 1) {
    for (const target of targets) {
      const result = await work(target)
      face.report(result.document, result.view)
      return result.exit
    }
  }
  const exits: Exit[] = []
  const documents: unknown[] = []
  for (const target of targets) {
    try {
      const result = await work(target)
      exits.push(result.exit)
      documents.push(result.document)
      // A report of many lines is told from the one before it.
      const gap = documents.length > 1 ? '\n' : ''
      if (!face.common.json) face.report(result.document, (screen) => `${gap}${result.view(screen)}`)
    } catch (error) {
      const fault = faultOf(error)
      exits.push(fault.exit)
      documents.push(faultDocument(fault))
      face.complain(error)
      if (error instanceof InterruptedError) break
    }
  }
  if (face.common.json) face.report(documents, () => '')
  return exits.length > 0 ? worstExit(exits) : EXIT.done
}
