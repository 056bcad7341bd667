import { addSync, type MappingProposal, proposeFor, type SyncSection, sectionOf } from '../app/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import { catalog } from '../resources/index.ts'
import type { Face } from './face.ts'
import { askMapping } from './map-questions.ts'
import { terminalPrompts } from './prompts.ts'
import { storeMeant } from './targets.ts'
import { mapEndText, proposalText } from './views/map-text.ts'
import { workspaceOf } from './work.ts'

export interface MapArgs {
  readonly source: string
  readonly resource: string | undefined
  readonly yes: boolean
}

export const run = async ({ source, resource, yes }: MapArgs, face: Face): Promise<Exit> => {
  const workspace = workspaceOf(face)
  const { settings } = workspace
  const store = storeMeant(settings, face.common.store)
  const proposal = await proposeFor(workspace, source, store, resource ?? null)
  const isAsked = !yes && !face.common.json && face.io.ask !== null
  const section = isAsked ? await asked(proposal, face) : sure(proposal, yes)
  const writes = section !== null && (yes || isAsked)
  if (writes) addSync(settings.file, proposal.sync, section, { env: face.io.env, catalog })
  const document = { ...proposal, section, written: writes ? settings.file : null }
  face.report(document, (screen) => {
    const end = mapEndText(document, screen)
    return isAsked ? end : `${proposalText(proposal, screen)}\n\n${end}`
  })
  return EXIT.done
}

/** What a person chose; null when that is nothing. */
const asked = async (proposal: MappingProposal, face: Face): Promise<SyncSection | null> => {
  face.print(proposalText(proposal, face.screen))
  const chosen = await askMapping(terminalPrompts(face.io.signal), proposal)
  return chosen && sectionOf(proposal, chosen)
}

/** What is sure; null when that makes no sync, which is a fault only where one should be written. */
const sure = (proposal: MappingProposal, mustBe: boolean): SyncSection | null => {
  const columns = proposal.columns.filter(({ certainty }) => certainty === 'sure')
  const isSync = columns.some(({ isKey }) => isKey) && columns.some(({ isKey }) => !isKey)
  return isSync || mustBe ? sectionOf(proposal, columns) : null
}
