import { createHash } from 'node:crypto'
import type {
  PictureSample,
  PictureWeight,
  ReconcileReport,
  ResourceMatch,
  StoreDifference,
} from '../../model/index.ts'
import { RECONCILE_STYLE } from './reconcile-html-assets.ts'
import { sameness } from './reconcile-text.ts'
import { count, counted, shortTime, show } from './text.ts'

/**
 * The comparison after a migration as one page to print and sign. It needs nothing else, runs no script and loads nothing.
 * @param json The text of the report that it is made from, as it is kept: the page names its hash.
 */
export const reconcileHtml = (report: ReconcileReport, json: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${sha256(RECONCILE_STYLE, 'base64')}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Migration ${html(report.from)} to ${html(report.to)}: comparison</title>
<style>${RECONCILE_STYLE}</style>
</head>
<body>
<header>
<p class="kicker">Comparison after a migration</p>
<h1>${html(report.from)} <span aria-hidden="true">→</span><span class="unseen"> to </span> ${html(report.to)}</h1>
<p>Both stores were read from end to end on ${shortTime(report.at)} UTC (run ${html(report.run)}). Nothing was written to either.</p>
</header>
<main>
${verdict(report)}
${tiles(report)}
${counts(report.resources)}
${differences('What differs', report.differences, sum(report.resources, 'differs'), 'Nothing that the migration carries differs.')}
${pictures(report)}
${agreed(report)}
${refused(report)}
${signature(report)}
</main>
<footer>
<p>Made from the JSON report with SHA-256 <code>${sha256(json, 'hex')}</code>.</p>
<p>${requests(report)}</p>
</footer>
</body>
</html>
`

const html = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const sha256 = (text: string, form: 'base64' | 'hex'): string => {
  const digest = createHash('sha256').update(text).digest(form)
  return form === 'base64' ? `sha256-${digest}` : digest
}

type Figure = Exclude<keyof ResourceMatch, 'resource'>

const sum = (rows: readonly ResourceMatch[], what: Figure): number => rows.reduce((total, row) => total + row[what], 0)

const otherPictures = ({ pictures: all }: ReconcileReport): number =>
  all.filter(({ verdict: one }) => one === 'differs').length

const verdict = (report: ReconcileReport): string => {
  const others = otherPictures(report)
  if (report.exit === 0)
    return `<p class="verdict equal"><strong>Equal.</strong> Every value that the migration carries ${sameness(report)}</p>`
  const said = [
    sum(report.resources, 'differs') ? counted(sum(report.resources, 'differs'), 'difference') : '',
    others ? `${counted(others, 'picture')} of the sample` : '',
  ].filter(Boolean)
  return `<p class="verdict differs"><strong>Not equal.</strong> ${said.join(' and ')} to look at before anybody signs.</p>`
}

const tiles = (report: ReconcileReport): string => {
  const { resources, pictures: all } = report
  const figures: readonly (readonly [string, number])[] = [
    ['rows of the old store', sum(resources, 'old')],
    ['of them linked', sum(resources, 'linked')],
    ['values compared', sum(resources, 'compared')],
    ['differ', sum(resources, 'differs')],
    ['left to differ', sum(resources, 'agreed')],
    ['pictures looked at', all.length],
  ]
  return `<ul class="tiles">${figures.map(([name, number]) => `<li><b>${count(number)}</b> ${name}</li>`).join('')}</ul>`
}

const COUNTS: readonly (readonly [Figure, string])[] = [
  ['old', 'Old'],
  ['new', 'New'],
  ['linked', 'Linked'],
  ['created', 'Made'],
  ['adopted', 'Recognised'],
  ['onlyOld', 'Only old'],
  ['onlyNew', 'Only new'],
  ['compared', 'Values'],
  ['differs', 'Differ'],
]

const counts = (resources: readonly ResourceMatch[]): string => {
  const most = Math.max(1, ...resources.flatMap((row) => [row.old, row.new]))
  const rows = resources.map((row) => {
    const cells = COUNTS.map(
      ([figure]) => `<td class="number${isAlarming(figure, row) ? ' alarm' : ''}">${count(row[figure])}</td>`,
    )
    return `<tr><th scope="row">${html(row.resource)}</th>${cells.join('')}<td>${bars(row, most)}</td></tr>`
  })
  const heads = COUNTS.map(([, head]) => `<th scope="col" class="number">${head}</th>`).join('')
  return `<h2>Counts</h2>
<table>
<caption>Rows of each resource. “Made” counts those that came inside others too; “recognised” were in the new store before.</caption>
<thead><tr><th scope="col">Resource</th>${heads}<th scope="col">Old above new</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
}

/** Rows that stay behind on purpose differ in nothing. */
const isAlarming = (figure: Figure, row: ResourceMatch): boolean =>
  (figure === 'differs' || figure === 'onlyOld') && row[figure] > 0 && row.differs > 0

const WIDEST = 160

const bars = (row: ResourceMatch, most: number): string => {
  const width = (rows: number): number => (rows ? Math.max(1, Math.round((rows / most) * WIDEST)) : 0)
  return `<svg role="img" aria-label="${count(row.old)} old, ${count(row.new)} new" width="${WIDEST}" height="16" viewBox="0 0 ${WIDEST} 16" preserveAspectRatio="none"><rect class="old" y="1" width="${width(row.old)}" height="6"/><rect class="new" y="9" width="${width(row.new)}" height="6"/></svg>`
}

const differences = (title: string, rows: readonly StoreDifference[], total: number, none: string): string => {
  if (!rows.length) return `<h2>${title}</h2>\n<p>${none}</p>`
  const heads = ['Resource', 'Old key', 'New key', 'Name', 'Field', 'Old store', 'New store', 'Why']
  const lines = rows.map(({ resource, key, label, field, old, new: now, why }) => {
    const values = field === null ? ['whole row', '', ''] : [field, show(old), show(now)]
    const cells = [resource, keyOf(key.old), keyOf(key.new), label ?? '', ...values, why]
    return `<tr>${cells.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`
  })
  const rest = total - rows.length
  return `<h2>${title}</h2>
<table>
<caption>${counted(total, 'difference')}${rest > 0 ? `, of which these are the first ${count(rows.length)}` : ''}. References are told by the keys of the new store.</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>`
}

const keyOf = (key: string | null): string => (key === null ? '–' : key.replaceAll('\t', ' / '))

const agreed = ({ agreed: rows, resources }: ReconcileReport): string =>
  rows.length
    ? differences('What was left to differ', rows, sum(resources, 'agreed'), '')
    : '<h2>What was left to differ</h2>\n<p>Nothing.</p>'

const refused = ({ refused: all }: ReconcileReport): string => {
  const title = '<h2>What the API lets nobody carry over</h2>'
  if (!all.length) return `${title}\n<p>Nothing.</p>`
  const lines = all.map(
    ({ resource, rows, what, instead }) =>
      `<tr><td>${html(resource)}</td><td class="number">${count(rows)}</td><td>${html(what)}</td><td>${html(instead)}</td></tr>`,
  )
  return `${title}
<table>
<caption>It was told before the copy and counts as no difference. The figures are rows of the old store that it concerns.</caption>
<thead><tr><th scope="col">Resource</th><th scope="col" class="number">Rows</th><th scope="col">What</th><th scope="col">Instead</th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>`
}

const pictures = ({ pictures: all, seed }: ReconcileReport): string => {
  if (!all.length) return '<h2>Pictures</h2>\n<p>None were looked at.</p>'
  const heads = ['Row', 'Old key', 'New key', 'Place', 'Old store', 'New store', 'Verdict']
  const lines = all.map(({ label, key, place, old, new: now, verdict: said }) => {
    const cells = [label ?? '', keyOf(key.old), keyOf(key.new), String(place), weight(old), weight(now), VERDICTS[said]]
    return `<tr class="${said}">${cells.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`
  })
  return `<h2>Pictures</h2>
<table>
<caption>A sample, by type and size of what the stores show; the same again with --seed ${seed}.</caption>
<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>`
}

const VERDICTS: Readonly<Record<PictureSample['verdict'], string>> = {
  same: 'same',
  differs: 'differs',
  unknown: 'nobody can tell',
}

const weight = (picture: PictureWeight | null): string =>
  picture === null
    ? 'none'
    : 'reason' in picture
      ? picture.reason
      : `${picture.type}, ${counted(picture.bytes, 'byte')}`

const signature = ({ from, to }: ReconcileReport): string => `<section class="sign">
<h2>Acceptance</h2>
<p>The content of ${html(to)} was compared with that of ${html(from)} as told above, and is</p>
<ul class="choices"><li>accepted</li><li>accepted, but for the differences told above</li><li>not accepted</li></ul>
<dl><dt>Name</dt><dd></dd><dt>Role</dt><dd></dd><dt>Date</dt><dd></dd><dt>Signature</dt><dd></dd></dl>
</section>`

const requests = ({ reads, requests: own }: ReconcileReport): string =>
  `${counted(reads.read + reads.check, 'request')} to the old store and ${counted(own.read + own.check, 'request')} to the new one; none of them wrote.`
