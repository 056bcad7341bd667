import {
  type Action,
  blockedBy,
  type Change,
  type FieldChange,
  type Held,
  type Plan,
  planningCommand,
  pushable,
  SIGN,
  type Verdict,
} from '../../model/index.ts'
import { largestFirst, movement } from './amount.ts'
import { shownFields } from './inner.ts'
import { restText } from './rest.ts'
import type { Paint, Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, count, counted, cut, duration, shortTime, show, showKey, showPercent } from './text.ts'

/** A plan for a person at a terminal: what, how much, what speaks against it, and what to type next. */
export const planText = (plan: Plan, screen: Screen, details = false): string =>
  [
    header(plan, screen),
    verdicts(plan.guards, screen, details),
    ...GROUPS.map(([action, title]) => group(plan, action, title, screen, details)),
    held(plan.held, screen, details),
    rejected(plan, screen, details),
    plan.notes.map((note) => `Note: ${clean(note)}`).join('\n'),
    nextStep(plan, screen),
  ]
    .filter(Boolean)
    .join('\n\n')

/** `+ 3 create  ~ 12 update  = 9,985 unchanged` */
export const summaryLine = ({ summary }: Pick<Plan, 'summary'>, { paint }: Screen): string => {
  const parts: [number, string, (text: string) => string][] = [
    [summary.create, `${SIGN.create} ${count(summary.create)} create`, paint.green],
    [summary.update, `${SIGN.update} ${count(summary.update)} update`, paint.yellow],
    [summary.remove, `${SIGN.remove} ${count(summary.remove)} remove`, paint.red],
    [summary.writeBack, `${SIGN['write-back']} ${count(summary.writeBack)} write back`, paint.cyan],
    [summary.conflict, `${SIGN.conflict} ${counted(summary.conflict, 'conflict')}`, paint.magenta],
    [summary.held, `${count(summary.held)} held`, paint.magenta],
    [summary.rejected, `${count(summary.rejected)} rejected`, paint.red],
  ]
  const moved = parts.filter(([number]) => number > 0).map(([, text, colour]) => colour(text))
  return [...moved, paint.dim(`= ${count(summary.unchanged)} unchanged`)].join('   ')
}

/** Each guard that objects, with the figure that decided; those that let the plan pass in one line, or with `details` each. */
export const verdicts = (guards: readonly Verdict[], screen: Screen, details = false): string => {
  if (guards.length === 0) return ''
  const passing = details ? [] : guards.filter(({ verdict }) => verdict === 'ok')
  const rows = guards
    .filter((one) => !passing.includes(one))
    .map(({ guard, verdict, detail, allow }) => [
      verdictText(verdict, screen),
      guard,
      clean(allow ? `${detail}; to let it pass: ${allow}` : detail),
    ])
  if (passing.length) rows.push([verdictText('ok', screen), counted(passing.length, 'guard'), '(--details lists them)'])
  return `${screen.paint.bold('Guards')}\n${table(
    [
      { head: '', keep: true },
      { head: '', keep: true },
      { head: '', wrap: true },
    ],
    rows,
    screen,
  ).trimStart()}`
}

const header = (plan: Plan, screen: Screen): string => {
  const { cost } = plan
  const lines = [
    screen.paint.bold(
      clean(`Plan ${plan.plan}${plan.origin ? ` (${plan.origin})` : ''}: sync ${plan.sync}, store ${plan.store}`),
    ),
    `made ${shortTime(plan.created)} UTC, expires ${shortTime(plan.expires)} UTC`,
    summaryLine(plan, screen),
    plan.firstContact > 0 ? `first contact: ${counted(plan.firstContact, 'row')}` : '',
    cost.requests > 0
      ? `${counted(cost.requests, 'request')}, about ${duration(cost.seconds * 1000)} at this store's quota`
      : '',
    ...cost.endpoints.map(({ endpoint, requests, rows }) =>
      screen.paint.dim(`  ${endpoint}: ${counted(rows, 'row')} in ${counted(requests, 'request')}`),
    ),
  ]
  return lines.filter(Boolean).join('\n')
}

const verdictText = (verdict: Verdict['verdict'], { paint }: Screen): string => {
  if (verdict === 'blocked') return paint.red('BLOCKED')
  if (verdict === 'held') return paint.magenta('held')
  if (verdict === 'ok') return paint.green('ok')
  return paint.yellow(verdict)
}

const GROUPS: readonly [Action, string][] = [
  ['conflict', 'Conflicts'],
  ['remove', 'Remove'],
  ['hide', 'Hide'],
  ['create', 'Create'],
  ['update', 'Update'],
  ['write-back', 'Write back to the source'],
]

/** Keys shown of each group without `--details`. */
const FEW = 12

const group = (plan: Plan, action: Action, title: string, screen: Screen, details: boolean): string => {
  const changes = largestFirst(plan.changes.filter((change) => change.action === action))
  return block(title, changes, details, screen, (change) => changeLines(change, screen))
}

const held = (rows: readonly Held[], screen: Screen, details: boolean): string =>
  block('Held back by a guard', largestFirst(rows), details, screen, (row) => [
    ...changeLines(row, screen),
    screen.paint.magenta(`    ${row.guard}: ${clean(row.reason)}`),
  ])

const rejected = ({ rejected: rows, origin }: Plan, screen: Screen, details: boolean): string =>
  origin === undefined
    ? block('Rejected rows of the source', rows, details, screen, ({ row, column, value, reason }) => [
        `  row ${row}  ${clean(column)} ${JSON.stringify(cut(clean(value), 40))}  ${clean(reason)}`,
      ])
    : block('Left alone', rows, details, screen, ({ column, reason, key }) => [
        `  ${[showKey(key ?? {}), clean(column), clean(reason)].filter(Boolean).join('  ')}`,
      ])

const block = <T>(
  title: string,
  items: readonly T[],
  details: boolean,
  { paint, width }: Screen,
  lines: (item: T) => string[],
): string => {
  if (items.length === 0) return ''
  const shown = details ? items : items.slice(0, FEW)
  const rest = items.length - shown.length
  return [
    paint.bold(`${title} (${count(items.length)})`),
    ...shown.flatMap(lines).map((line) => cutColoured(line, width)),
    ...(rest > 0 ? [`  ${restText(rest, { paint })}`] : []),
  ].join('\n')
}

const changeLines = (change: Change, { paint }: Screen): string[] => {
  const colour = {
    create: paint.green,
    update: paint.yellow,
    remove: paint.red,
    hide: paint.red,
    'write-back': paint.cyan,
    conflict: paint.magenta,
  }[change.action]
  const shown = shownFields(change)
  const few = change.fields.length + INNER
  const label = change.label ? `  ${paint.dim(cut(clean(change.label), 40))}` : ''
  const isNew = change.adds ? paint.cyan('  a new row') : ''
  return [
    `  ${colour(SIGN[change.action])} ${paint.bold(showKey(change.key))}${isNew}${label}`,
    ...shown.slice(0, few).map((field) => `      ${field.field}  ${fieldText(change, field, paint)}`),
    ...(shown.length > few ? [paint.dim(`      … ${shown.length - few} more; --format csv lists them`)] : []),
  ]
}

/** Rows made with a new one that are shown before they are only counted. */
const INNER = 3

const fieldText = (change: Change, field: FieldChange, paint: Paint): string => {
  const from = short(show(field.from))
  const to = short(show(field.to))
  if (change.action === 'conflict') return `store ${from}, source ${to}, last agreed ${short(show(field.base))}`
  const percent = movement(change.resource, field)
  const marks = [
    percent === null ? '' : showPercent(percent),
    field.drift ? 'store edit undone' : '',
    field.resolves ? `resolves ${field.resolves}` : '',
    field.note ? clean(field.note) : '',
  ].filter(Boolean)
  return `${change.action === 'create' || change.adds ? to : `${from} -> ${to}`}${marks.length ? paint.dim(`  (${marks.join(', ')})`) : ''}`
}

const short = (text: string): string => cut(text, 60)

// Colours do not count; a line that would have to be cut inside them loses them instead.
const cutColoured = (line: string, width: number): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const plain = line.replace(/\u001b\[[\d;]*m/g, '')
  return [...plain].length <= width ? line : cut(plain, width)
}

/** The option inside what a verdict says of letting it pass. */
const flagOf = ({ guard, allow }: Verdict): string => /--allow \S+/.exec(allow ?? '')?.[0] ?? `--allow ${guard}`

/** What makes such a plan again; decisions about conflicts are carried by every plan of their sync. */
const madeBy = ({ origin, sync }: Plan): string =>
  origin?.startsWith('undo ') ? `skiff ${origin}` : planningCommand(sync)

const nextStep = (plan: Plan, { paint }: Screen): string => {
  const blocking = blockedBy(plan)
  if (blocking.length > 0) {
    const blocked = new Set<string>(blocking.map(({ guard }) => guard))
    const kept = plan.allowed.filter((text) => !blocked.has(text.split('=')[0] ?? ''))
    const allow = [...kept.map((text) => `--allow ${text}`), ...blocking.map(flagOf)].join(' ')
    return `${paint.red('Blocked')} by ${blocking.map(({ guard }) => guard).join(', ')}. If this is what you want: ${paint.bold(`${madeBy(plan)} ${allow}`)}`
  }
  const conflicts = plan.summary.conflict
    ? `See ${counted(plan.summary.conflict, 'conflict')}: ${paint.bold(`skiff conflicts ${plan.sync}`)}`
    : ''
  if (pushable(plan).length > 0)
    return [`Next: ${paint.bold(`skiff push ${plan.plan}`)}`, conflicts].filter(Boolean).join('\n')
  if (conflicts) return `Nothing to push. ${conflicts}`
  return plan.changes.length > 0 || plan.held.length > 0
    ? 'Nothing to push; the rows above wait for a person.'
    : 'Nothing to push; both sides agree.'
}
