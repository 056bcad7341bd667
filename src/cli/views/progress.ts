import type { Progress } from '../../model/index.ts'
import type { Paint } from './screen.ts'
import { clean, count, cut, duration } from './text.ts'

type Advance = Extract<Progress, { kind: 'advance' }>

/** `products  ████████░░░░░░░░  12,000 of 40,000  30 %  about 2 min 5 s left`, in one line of the screen. */
export const progressBar = ({ what, done, total, eta }: Advance, width: number, paint: Paint): string => {
  const left = leftText(eta, '  ')
  if (total === null || total === 0) return cut(`${clean(what)}  ${count(done)}${left}`, width)
  const share = Math.min(done / total, 1)
  const figures = `  ${count(done)} of ${count(total)}  ${Math.floor(share * 100)} %${left}`
  const room = Math.min(width - what.length - figures.length - 3, 40)
  if (room < 5) return cut(`${clean(what)}${figures}`, width)
  const filled = Math.round(share * room)
  return `${clean(what)}  ${paint.cyan('█'.repeat(filled))}${paint.dim('░'.repeat(room - filled))}${figures}`
}

/** The same as a line of a log. */
export const progressLine = ({ what, done, total, eta }: Advance): string =>
  `${clean(what)}: ${count(done)}${total === null ? '' : ` of ${count(total)}`}${leftText(eta, ', ')}`

const leftText = (eta: number | null, before: string): string =>
  eta === null || eta < 1000 ? '' : `${before}about ${duration(eta)} left`
