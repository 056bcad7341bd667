import { DEMO_FILES, DEMO_STORE, type DemoEnd, type DemoStep } from '../../app/index.ts'
import { planText, summaryLine } from './plan-text.ts'
import { readyReportText } from './ready-report-text.ts'
import { pullText, pushText } from './run-text.ts'
import type { Screen } from './screen.ts'
import { clean, count } from './text.ts'

/** One step of the demo: what it does, and what came of it. */
export const demoStepText = (step: DemoStep, screen: Screen): string => {
  const [title, ...body] = linesOf(step, screen)
  return [screen.paint.bold(screen.paint.cyan(`== ${title}`)), ...body].join('\n')
}

const linesOf = (step: DemoStep, screen: Screen): readonly string[] => {
  switch (step.step) {
    case 'serving':
      return [
        `An emulated store listens at ${step.url}`,
        `It has ${count(DEMO_STORE.products)} products and the request quota of a ${DEMO_STORE.plan} plan.`,
      ]
    case 'pulled':
      return [
        'Pull: the store is mirrored into a SQLite file',
        pullText(step.report, screen),
        `${count(step.skus)} SKUs.`,
      ]
    case 'fed':
      return ['The ERP sends its feed', ...feedLines(step.feed)]
    case 'planned':
      return ['Plan: feed, store and what both last agreed on are compared', planText(step.report.plan, screen)]
    case 'pushed':
      return ['Push: exactly that plan is carried out', pushText(step.report, screen)]
    case 'pulled-again':
      return ['Pull again: what does the store say now?', pullText(step.report, screen)]
    case 'planned-again':
      return [
        'Plan again: the same feed finds nothing left to do',
        summaryLine(step.report.plan, screen),
        'The held and rejected rows wait for somebody who repairs the feed.',
      ]
    case 'sold':
      return ['Report: questions go to the mirror, not to the store', readyReportText(step.report, screen)]
  }
}

const feedLines = ({ rows, prices, stocks, costs, faults }: (DemoStep & { step: 'fed' })['feed']): string[] => [
  `${DEMO_FILES.feed}: ${count(rows)} rows with ${count(prices)} new prices, ${count(stocks)} new stock figures, ${count(costs)} new costs, and these faults:`,
  ...faults.map((fault) => `  ${clean(fault)}`),
]

/** Where the files are, and what can be typed next. */
export const demoEndText = (
  { plan, port, settled }: DemoEnd,
  folder: string,
  skiff: string,
  screen: Screen,
): string => {
  const { paint } = screen
  const key = Object.values(plan.changes[0]?.key ?? {}).join(' ')
  const line = (text: string, about: string) => `  ${paint.bold(text)}\n      ${paint.dim(about)}`
  const { seed, products, orders, plan: quota } = DEMO_STORE
  return [
    settled ? paint.green('Store and feed agree.') : paint.red('Something is left to change; that should not be.'),
    '',
    `Everything lies in ${clean(folder)}: ${Object.values(DEMO_FILES).join(', ')}.`,
    '',
    'Go on in that folder:',
    line(`cd ${folder}`, `${DEMO_FILES.plan} is the plan as a page for a browser`),
    line(`${skiff} show ${plan.plan} --details`, 'the plan, every row of it'),
    line(`${skiff} explain ${key}`, 'why one SKU changed'),
    line(`${skiff} query "SELECT sku, price, inventory_level FROM skus LIMIT 5"`, 'SQL over the mirror'),
    line(`${skiff} report`, 'the ready reports'),
    '',
    'The emulated store has ended. To practise on, delete the folder .skiff, start the store as it was in another terminal, and pull:',
    line(
      `${skiff} emulator --port ${port} --seed ${seed} --products ${products} --orders ${orders} --plan ${quota}`,
      'until Ctrl-C',
    ),
    line(`${skiff} pull`, 'a new mirror'),
    line(`${skiff} plan`, 'edit the feed as you like; `skiff push` carries the plan out'),
  ].join('\n')
}
