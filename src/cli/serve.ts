import { hostname } from 'node:os'
import { openWorkspace, systemClock } from '../app/index.ts'
import { jsonLog, plainLog, serve } from '../daemon/index.ts'
import { EXIT, type Exit } from '../model/index.ts'
import type { Face } from './face.ts'
import { clean } from './views/text.ts'

export const run = async (_args: object, face: Face): Promise<Exit> => {
  const settings = face.settings()
  const { stderr, signal } = face.io
  const { quiet, verbose } = face.common
  const options = {
    clock: systemClock,
    level: quiet ? ('warn' as const) : verbose ? ('debug' as const) : ('info' as const),
  }
  const log = stderr.isTTY
    ? plainLog({ ...options, write: (line) => stderr.write(`${clean(line.trimEnd())}\n`) })
    : jsonLog({ ...options, write: (line) => stderr.write(line) })
  const exit = await serve({ open: (progress) => openWorkspace(settings, { signal, progress }), log, host: hostname() })
  if (face.common.json) face.report({ state: exit === EXIT.interrupted ? 'interrupted' : 'complete', exit }, () => '')
  return exit
}
