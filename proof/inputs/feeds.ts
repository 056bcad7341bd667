import { fileOf, GOODS, type Good, HEAD, type Input, NOTHING, RIGHT, today, type Written } from './goods.ts'

const every = (change: (good: Good, at: number) => Partial<Good>): string =>
  fileOf(today().map((good, at) => ({ ...good, ...change(good, at) })))
const some = (rows: number, change: (good: Good) => Partial<Good>): string =>
  every((good, at) => (at < rows ? change(good) : {}))
const cents = (text: string): string => String(Math.round(Number(text) * 100))

const blocked = (title: string, file: string, ...guards: readonly string[]): Input => ({
  title,
  file,
  says: `blocked: ${guards.join(', ')}`,
  writes: NOTHING,
})
const held = (title: string, change: Partial<Good>, guard: string): Input => ({
  title,
  file: fileOf(today({ 'G-01': change })),
  says: `2: held by ${guard}`,
  writes: RIGHT,
})
const right = (title: string, file: string, writes: Written = RIGHT): Input => ({ title, file, says: '', writes })

/** Files that can be read and should not be believed. */
export const FEEDS: readonly Input[] = [
  held('D19: a price of zero', { price: '0' }, 'zeroPrice'),
  held('D19: a price of zero with cents', { price: '0.00' }, 'zeroPrice'),
  held('D19: a price that is minus nothing', { price: '-0' }, 'zeroPrice'),
  held('D17: a price that is almost nothing', { price: '0.0001' }, 'maxPriceChange'),
  held('D20: one price in cents', { price: '1245' }, 'maxPriceChange'),
  held('D16: one price ten times too high', { price: '124.50' }, 'maxPriceChange'),
  held('D21: one price below its cost', { price: '9.00', cost: '9.50' }, 'priceFloor'),
  blocked(
    'D19: every price zero',
    every(() => ({ price: '0' })),
    'zeroPrice',
    'columnShape',
  ),
  blocked(
    'D19: every price and every stock zero',
    every(() => ({ price: '0', stock: '0' })),
    'zeroPrice',
    'columnShape',
  ),
  blocked(
    'D20, U5: prices in cents',
    every(({ price }) => ({ price: cents(price) })),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D20, U5: prices and costs in cents',
    every(({ price, cost }) => ({ price: cents(price), cost: cents(cost) })),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D20: prices of a hundredth',
    every(({ price }) => ({ price: (Number(price) / 100).toFixed(4) })),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D20: prices ten times too high',
    every(({ price }) => ({ price: (Number(price) * 10).toFixed(2) })),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D20: prices in a currency of 1.6',
    every(({ price }) => ({ price: (Number(price) * 1.6).toFixed(2) })),
    'maxPriceChange',
  ),
  blocked(
    'D20: prices with a tax of 19 %',
    every(({ price }) => ({ price: (Number(price) * 1.19).toFixed(2) })),
    'maxChanges',
    'allChanged',
  ),
  blocked(
    'D20: prices that lost their decimal point',
    every(({ price }) => ({ price: price.replace('.', '') })),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D20: prices rounded to whole ones',
    every(({ price }) => ({ price: price.split('.')[0] ?? '' })),
    'maxChanges',
    'allChanged',
    'columnShape',
  ),
  blocked(
    'D21, U4: price and cost exchanged',
    every(({ price, cost }) => ({ price: cost, cost: price })),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D21, U4: price and stock exchanged',
    every(({ price, stock }) => ({ price: stock, stock: price })),
    'maxSourceDrop',
  ),
  blocked(
    'D21, U4: cost and stock exchanged',
    every(({ cost, stock }) => ({ cost: stock, stock: cost })),
    'maxSourceDrop',
  ),
  blocked(
    'D21, U4: name and key exchanged',
    every(({ sku, name }) => ({ sku: name, name: sku })),
    'maxSourceDrop',
  ),
  blocked(
    'D21, U4: the names of two columns exchanged',
    fileOf(today(), 'SKU,Name,Cost,Price,Stock'),
    'maxPriceChange',
    'columnShape',
  ),
  blocked(
    'D21, U4: prices that moved one row down',
    every((_good, at) => ({ price: GOODS[(at + 39) % 40]?.price ?? '' })),
    'maxPriceChange',
    'maxChanges',
  ),
  blocked(
    'D21: one price in every row',
    every(() => ({ price: '13.37' })),
    'maxPriceChange',
    'maxChanges',
    'columnShape',
  ),
  blocked(
    'D21: names that moved one row down',
    every((_good, at) => ({ name: GOODS[(at + 39) % 40]?.name ?? '' })),
    'maxChanges',
    'allChanged',
  ),
  blocked(
    'D15: N/A for every price',
    every(() => ({ price: 'N/A' })),
    'maxSourceDrop',
  ),
  blocked(
    'D15: #REF! for every count',
    every(() => ({ stock: '#REF!' })),
    'maxSourceDrop',
  ),
  blocked(
    'D15: a column of blanks where prices were',
    every(() => ({ price: '' })),
    'columnShape',
  ),
  blocked(
    'D15: a third of the prices blank',
    some(13, () => ({ price: '' })),
    'columnShape',
  ),
  blocked(
    'D18: minus one in stock everywhere',
    every(() => ({ stock: '-1' })),
    'maxSourceDrop',
  ),
  blocked(
    'D18: nothing in stock any more',
    every(() => ({ stock: '0' })),
    'stockToZero',
    'columnShape',
  ),
  blocked(
    'D14: a currency sign in every price',
    every(({ price }) => ({ price: `$${price}` })),
    'maxSourceDrop',
  ),
  blocked('D36: a quarter of the rows missing', fileOf(today().slice(0, 30)), 'maxSourceDrop'),
  blocked('U3, D36: 3 % of the rows', fileOf(today().slice(19, 21)), 'maxSourceDrop'),
  blocked('D36: one row', fileOf(today().slice(0, 1)), 'maxSourceDrop'),
  blocked(
    'D37: ten times the rows',
    fileOf(
      Array.from({ length: 10 }, (_, round) =>
        today().map((one) => ({ ...one, sku: round ? `${one.sku}-${round}` : one.sku })),
      ).flat(),
    ),
    'maxSourceDrop',
    'columnShape',
  ),
  blocked(
    'D37, U2: another brand’s file of the same shape',
    every(({ sku }) => ({ sku: sku.replace('G', 'H') })),
    'maxSourceDrop',
  ),
  blocked(
    'U2, D37: another file with these columns among others',
    `${HEAD},Country\n${Array.from({ length: 60 }, (_, at) => `C${at},Customer ${at},1.50,1.10,3,US`).join('\n')}\n`,
    'maxSourceDrop',
    'columnShape',
  ),
  blocked(
    'U2: the feed of a shop that shares a few keys',
    every(({ sku }, at) => ({ sku: at < 10 ? sku : `X-${at}` })),
    'maxSourceDrop',
  ),
  blocked('D12: half of the rows twice', fileOf([...today(), ...today().slice(0, 20)]), 'maxSourceDrop'),
  blocked(
    'D6: half of the rows cut short',
    fileOf(today())
      .split('\n')
      .map((line, at) => (at > 20 ? line.split(',').slice(0, 4).join(',') : line))
      .join('\n'),
    'maxSourceDrop',
  ),
  blocked(
    'D20: a tenth off every price',
    every(({ price }) => ({ price: (Number(price) * 0.9).toFixed(2) })),
    'maxChanges',
    'allChanged',
  ),
  right('D38: the same file again', fileOf(GOODS), NOTHING),
  right('D36: two rows missing', fileOf(today().slice(0, 38))),
  right(
    'D15: two blank prices',
    some(2, () => ({ price: '' })),
  ),
  right('D18: one article sold out', fileOf(today({ 'G-01': { stock: '0' } })), {
    'G-01': { inventory_level: 0 },
    ...RIGHT,
  }),
  right(
    'D37: rows that the store does not know yet',
    fileOf([
      ...today(),
      ...today()
        .slice(0, 5)
        .map((one) => ({ ...one, sku: `NEW-${one.sku}` })),
    ]),
  ),
]
