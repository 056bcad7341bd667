import { explainKey } from '../app/index.ts'
import { EXIT, type Exit, NotFoundError } from '../model/index.ts'
import type { Face } from './face.ts'
import { explainText } from './views/explain-text.ts'
import { workspaceOf } from './work.ts'

export interface ExplainArgs {
  readonly key: string
  readonly sync: string | undefined
}

export const run = async ({ key, sync }: ExplainArgs, face: Face): Promise<Exit> => {
  const found = await explainKey(workspaceOf(face), key, sync)
  if (found.length === 0) {
    throw new NotFoundError(`neither a source nor a store knows the key ${JSON.stringify(key)}`, {
      hint: 'Keys are compared whole, ignoring case; `skiff pull` brings what is new in the store.',
    })
  }
  face.report(found, (screen) => found.map((story) => explainText(story, screen)).join('\n\n'))
  return EXIT.done
}
