import { createHash } from 'node:crypto'
import { type Action, blockedBy, type Change, type Held, type Plan } from '../../model/index.ts'
import { largestFirst, movement } from './amount.ts'
import { shownFields } from './inner.ts'
import { SCRIPT, STYLE } from './plan-html-assets.ts'
import { counted, duration, shortTime, show, showKey, showPercent } from './text.ts'

/**
 * A plan as one page that needs nothing else: for a merchandiser to read, search and sort before approving. It runs only its
 * own script, loads nothing and sends nothing; its Content-Security-Policy sees to that.
 */
export const planHtml = (plan: Plan): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${sourceHash(STYLE)}; script-src ${sourceHash(SCRIPT)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plan ${html(plan.plan)}: ${html(plan.sync)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Plan ${html(plan.plan)}: ${html(plan.sync)}</h1>
<p>Store ${html(plan.store)}. Made ${shortTime(plan.created)} UTC, expires ${shortTime(plan.expires)} UTC. ${cost(plan)}</p>
</header>
${standing(plan)}
<section class="tiles">${tiles(plan)}</section>
${guards(plan)}
${changes(plan)}
${rejected(plan)}
${plan.notes.map((note) => `<p>${html(note)}</p>`).join('\n')}
<footer>Plan hash ${html(plan.hash)}</footer>
<script>${SCRIPT}</script>
</body>
</html>
`

const html = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const sourceHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const cost = ({ cost: { requests, seconds } }: Plan): string =>
  requests > 0 ? `${counted(requests, 'request')}, about ${duration(seconds * 1000)}.` : 'Nothing to send.'

const standing = (plan: Plan): string => {
  const blocking = blockedBy(plan)
  if (blocking.length === 0) return ''
  return `<p class="blocked">This plan is blocked by ${html(blocking.map(({ guard }) => guard).join(', '))} and cannot be pushed as it is.</p>`
}

const tiles = ({ summary }: Plan): string => {
  const figures: [string, number][] = [
    ['create', summary.create],
    ['update', summary.update],
    ['remove', summary.remove],
    ['write back', summary.writeBack],
    ['conflict', summary.conflict],
    ['held', summary.held],
    ['rejected', summary.rejected],
    ['unchanged', summary.unchanged],
  ]
  return figures
    .filter(([name, number]) => number > 0 || name === 'update')
    .map(
      ([name, number]) =>
        `<div class="tile ${name.replace(' ', '-')}"><b>${number.toLocaleString('en-US')}</b>${name}</div>`,
    )
    .join('')
}

const guards = ({ guards: verdicts }: Plan): string => {
  if (verdicts.length === 0) return ''
  const rows = verdicts.map(
    ({ guard, verdict, detail }) =>
      `<tr class="${verdict}"><td>${verdict}</td><td>${html(guard)}</td><td>${html(detail)}</td></tr>`,
  )
  return `<h2>Guards</h2>\n<table><tbody>${rows.join('\n')}</tbody></table>`
}

const changes = (plan: Plan): string => {
  const rows = [
    ...largestFirst(plan.held).flatMap((row) => fieldRows(row, 'held')),
    ...largestFirst(plan.changes).flatMap((change) => fieldRows(change, change.action)),
  ]
  if (rows.length === 0) return '<p>Nothing changes.</p>'
  const heads = ['What', 'Key', 'Name', 'Field', 'From', 'To', 'Change', 'Remark']
  return `<h2>Changes</h2>
<input id="search" type="search" placeholder="Search" aria-label="Search in the changes"> <span id="found"></span>
<table id="changes">
<thead><tr>${heads.map((head) => `<th><button type="button">${head}</button></th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
}

const fieldRows = (change: Change | Held, what: Action | 'held'): string[] =>
  shownFields(change).map((field) => {
    const percent = movement(change.resource, field)
    const remarks = [
      'guard' in change ? `${change.guard}: ${change.reason}` : '',
      what === 'conflict' ? `last agreed: ${show(field.base)}` : '',
      field.drift ? 'an edit in the store is undone' : '',
      change.adds ? 'a new row of the source' : change.side === 'source' ? 'written to the source' : '',
      field.note ?? '',
    ].filter(Boolean)
    const cells = [what, showKey(change.key), change.label ?? '', field.field, show(field.from), show(field.to)]
    const direction = percent === null || percent === 0 ? '' : percent > 0 ? ' class="up"' : ' class="down"'
    const moved =
      percent === null ? '<td></td>' : `<td${direction} data-sort="${sortable(percent)}">${showPercent(percent)}</td>`
    return `<tr class="${what}">${cells.map((cell) => `<td>${html(cell)}</td>`).join('')}${moved}<td>${html(remarks.join('; '))}</td></tr>`
  })

// Growth from nothing sorts above every percentage.
const sortable = (percent: number): number => (Number.isFinite(percent) ? percent : Number.MAX_SAFE_INTEGER)

const rejected = ({ rejected: rows }: Plan): string => {
  if (rows.length === 0) return ''
  const lines = rows.map(
    ({ row, column, value, reason }) =>
      `<tr><td>${row}</td><td>${html(column)}</td><td>${html(show(value))}</td><td>${html(reason)}</td></tr>`,
  )
  return `<h2>Rejected rows of the source</h2>
<table><thead><tr><th>Row</th><th>Column</th><th>Value</th><th>Reason</th></tr></thead><tbody>${lines.join('\n')}</tbody></table>`
}
