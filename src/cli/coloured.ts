import type { Common } from './face.ts'
import type { Io } from './io.ts'

/** Colours are for terminals, unless switched off (https://no-color.org). */
export const coloured = (io: Io, common: Pick<Common, 'color'>, sink: Io['stdout']): boolean =>
  common.color && sink.isTTY === true && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb'
