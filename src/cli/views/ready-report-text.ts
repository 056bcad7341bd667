import type { Report, ReportDefinition } from '../../app/index.ts'
import { barChart } from './chart.ts'
import { rowsText } from './rows.ts'
import type { Screen } from './screen.ts'
import { table } from './table.ts'
import { clean, shortTime } from './text.ts'

/** A ready report: what it says, its rows, and its chart. */
export const readyReportText = (report: Report, screen: Screen): string => {
  const { paint } = screen
  const period = report.days === null ? '' : `last ${report.days} days, `
  return [
    `${paint.bold(clean(report.title))} ${paint.dim(`(store ${clean(report.store)}, ${period}as of ${shortTime(report.asOf)} UTC)`)}`,
    clean(report.about),
    '',
    rowsText(report, 'table', screen),
    ...chartLines(report, screen),
  ].join('\n')
}

/** The reports there are. */
export const reportListText = (list: readonly Pick<ReportDefinition, 'name' | 'about'>[], screen: Screen): string =>
  table(
    [
      { head: 'report', keep: true },
      { head: '', wrap: true },
    ],
    list.map(({ name, about }) => [name, about]),
    screen,
  )

/** Bars that are drawn. */
const MOST = 25

const chartLines = ({ chart, columns, rows }: Report, screen: Screen): string[] => {
  if (!chart || rows.length < 2) return []
  const value = columns.indexOf(chart.value)
  const labels = chart.labels.map((label) => columns.indexOf(label))
  const bars = rows.slice(0, MOST).map((row) => ({
    label: labels.map((index) => String(row[index] ?? '')).join(' '),
    value: Number(row[value] ?? 0),
  }))
  return ['', barChart(bars, screen)]
}
