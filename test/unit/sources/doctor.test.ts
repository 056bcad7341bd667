import { describe, expect, it } from 'vitest'
import { examineCsv, repairCsv } from '../../../src/sources/index.ts'
import { examined, findingsOf, type Patient, repaired, ruleOf, subjectOf } from './examining.ts'
import { memory } from './reading.ts'

const PRICES = { price: 'Price' }
const GTINS = { gtin: 'GTIN' }

const isRepair = (found: string): boolean => found.includes('→')

type Case = readonly [title: string, file: string, patient: Patient, ...found: string[]]

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'a file in which nothing is wrong': [
    ['of a sync', 'SKU,Price\nA1,12.90\nA2,1234.50\nA3,\n', { sync: PRICES }],
    ['by its names', 'SKU,Name,Price,Stock,EAN\nA1,Mug,12.90,5,4006381333931\nA2,"Cup, small",3,0,\n', {}],
    ['with texts of many scripts', 'SKU,Name\nA1,Müller’s Tasse – groß\nA2,日本 茶碗\nA3,NESTLÉ® Ångström Łódź\n', {}],
    ['with UPCs beside EANs', 'SKU,Barcode\nA1,036000291452\nA2,4006381333931\nA3,712345678904\n', {}],
    ['with a SKU that has an exponent', 'SKU,Price\n1E5,1.00\n2E+,1.00\n', {}],
    ['with columns that nobody reads', 'SKU,Note,Price\nA1, x ,1.00\nA2,1.234,2.00\n', { sync: PRICES }],
  ],
  'a GTIN or SKU that a spreadsheet has shortened': [
    [
      'is repaired by the store',
      'SKU,GTIN\nA1,8.41E+12\n',
      { sync: GTINS, store: [{ sku: 'A1', gtin: '8412345678905' }] },
      'scientific 2 GTIN: "8.41E+12" → "8412345678905"',
    ],
    [
      'is not, where the store’s is another',
      'SKU,GTIN\nA1,8.41E+12\n',
      { sync: GTINS, store: [{ sku: 'A1', gtin: '8432345678905' }] },
      'scientific 2 GTIN: "8.41E+12" ?',
    ],
    ['is not, where there is no mirror', 'SKU,GTIN\nA1,8.41E+12\n', { sync: GTINS }, 'scientific 2 GTIN: "8.41E+12" ?'],
    [
      'is repaired from its own digits',
      'SKU,EAN\nA1,8.412345678905E+12\n',
      {},
      'scientific 2 EAN: "8.412345678905E+12" → "8412345678905"',
    ],
    [
      'is repaired with a decimal comma',
      'SKU;EAN\nA1;8,41E+12\n',
      { options: { delimiter: ';' } },
      'scientific 2 EAN: "8,41E+12" ?',
    ],
    [
      'is repaired as a key by the one key that looks so',
      'SKU,Price\n4.01E+12,1.00\n',
      { sync: PRICES, store: [{ sku: '4012345000008' }, { sku: '4022345000008' }] },
      'scientific 2 SKU: "4.01E+12" → "4012345000008"',
    ],
    [
      'is not, where two keys look so',
      'SKU,Price\n4.01E+12,1.00\n',
      { sync: PRICES, store: [{ sku: '4012345000008' }, { sku: '4012345000009' }] },
      'scientific 2 SKU: "4.01E+12" ?',
    ],
  ],
  'a number that lost its zeros': [
    [
      'is padded to a UPC by its check digit',
      'SKU,UPC\nA1,36000291452\n',
      {},
      'zeros 2 UPC: "36000291452" → "036000291452"',
    ],
    ['is none with another check digit', 'SKU,UPC\nA1,36000291453\n', {}],
    [
      'is padded to an EAN',
      'SKU,EAN\nA1,36000291452\nA2,712345678904\n',
      {},
      'zeros 2 EAN: "36000291452" → "0036000291452"',
      'zeros 3 EAN: "712345678904" → "0712345678904"',
    ],
    [
      'is padded to a GTIN-14',
      'SKU,GTIN-14\nA1,4006381333931\n',
      {},
      'zeros 2 GTIN-14: "4006381333931" → "04006381333931"',
    ],
    [
      'is as the store has it',
      'SKU,GTIN\nA1,712345678904\nA2,712345678904\n',
      {
        sync: GTINS,
        store: [
          { sku: 'A1', gtin: '00712345678904' },
          { sku: 'A2', gtin: '712345678904' },
        ],
      },
      'zeros 2 GTIN: "712345678904" → "00712345678904"',
    ],
    [
      'is a SKU that the store knows with zeros',
      'SKU,Price\n123,1.00\n77,1.00\n88,1.00\n5,1.00\n',
      { sync: PRICES, store: [{ sku: '00123' }, { sku: '77' }, { sku: '0088' }, { sku: '088' }] },
      'zeros 2 SKU: "123" → "00123"',
    ],
  ],
  'text in a wrong encoding': [
    [
      'is read again',
      'SKU,Name\nA1,MÃ¼ller\nA2,Itâ€™s â€œgoodâ€\u009d\nA3,ðŸ˜€\nA4,10 Â°C\n',
      {},
      'encoding 2 Name: "MÃ¼ller" → "Müller"',
      'encoding 3 Name: "Itâ€™s â€œgoodâ€\u009d" → "It’s “good”"',
      'encoding 4 Name: "ðŸ˜€" → "😀"',
      'encoding 5 Name: "10 Â°C" → "10 °C"',
    ],
    ['is read again twice', 'SKU,Name\nA1,MÃƒÂ¼ller\n', {}, 'encoding 2 Name: "MÃƒÂ¼ller" → "Müller"'],
    [
      'is found in columns that nobody reads',
      'SKU,Price,Note\nA1,1.00,cafÃ©\n',
      { sync: PRICES },
      'encoding 2 Note: "cafÃ©" → "café"',
    ],
    [
      'is lost, unless the store has it',
      'SKU,Name\nA1,M\ufffdller\nA2,M\ufffdller\nA3,M\ufffdller\n',
      {
        sync: { name: 'Name' },
        store: [
          { sku: 'A1', name: 'Müller' },
          { sku: 'A2', name: 'Maler' },
        ],
      },
      'encoding 2 Name: "M\ufffdller" → "Müller"',
      'encoding 3 Name: "M\ufffdller" ?',
      'encoding 4 Name: "M\ufffdller" ?',
    ],
    [
      'has control characters',
      'SKU,Name\nA1,Mug\u0007\nA2,It\u0092s\n',
      {},
      'encoding 2 Name: "Mug\\u0007" → "Mug"',
      'encoding 3 Name: "It\u0092s" → "It’s"',
    ],
  ],
  blanks: [
    [
      'around cells',
      'SKU,Name,Price\n A1,Mug ,\t1.00\n\u00a0A2,\u200bCup,2.00\u00a0\n',
      {},
      'spaces 2 SKU: " A1" → "A1"',
      'spaces 2 Name: "Mug " → "Mug"',
      'spaces 2 Price: "\\t1.00" → "1.00"',
      'spaces 3 SKU: "\u00a0A2" → "A2"',
      'spaces 3 Name: "\u200bCup" → "Cup"',
      'spaces 3 Price: "2.00\u00a0" → "2.00"',
    ],
    ['that nobody sees in a key', 'SKU,Name\nA\u200b1,M\u200bug\n', {}, 'spaces 2 SKU: "A\u200b1" → "A1"'],
    ['that a mapping keeps', 'SKU,Name\nA1, Mug\n', { sync: { name: ruleOf('Name', { trim: false }) } }],
  ],
  numbers: [
    [
      'in two manners',
      'SKU,Price\nA1,"1.234,56"\nA2,"1,234.56"\nA3,"12,90"\nA4,12.90\nA5,"1 299,00"\n',
      { sync: PRICES },
      'decimals 2 Price: "1.234,56" → "1234.56"',
      'decimals 3 Price: "1,234.56" → "1234.56"',
      'decimals 4 Price: "12,90" → "12.90"',
      'decimals 6 Price: "1 299,00" → "1299.00"',
    ],
    [
      'in the declared manner',
      'SKU;Price\nA1;12.90\nA2;12,90\n',
      { options: { delimiter: ';' }, sync: { price: ruleOf('Price', { format: { decimal: ',' } }) } },
      'decimals 2 Price: "12.90" → "12,90"',
    ],
    [
      'all in another manner than declared',
      'SKU,Price\nA1,5\nA2,"12,90"\nA3,"1,299"\n',
      { sync: PRICES },
      'decimals 3 Price: "12,90" ?',
    ],
    [
      'that may be either',
      'SKU,Price\nA1,"1,299"\nA2,"12,90"\nA3,1.299\nA4,12.90\n',
      { sync: PRICES },
      'decimals 2 Price: "1,299" ?',
      'decimals 3 Price: "12,90" → "12.90"',
      'decimals 4 Price: "1.299" ?',
    ],
    [
      'that may be either, told by the store',
      'SKU,Price\nA1,"1,299"\nA2,"1,299"\nA3,1.50\n',
      {
        sync: PRICES,
        store: [
          { sku: 'A1', price: '1300' },
          { sku: 'A2', price: '1.25' },
        ],
      },
      'decimals 2 Price: "1,299" → "1299"',
      'decimals 3 Price: "1,299" → "1.299"',
    ],
    [
      'that should be whole',
      'SKU,Stock\nA1,12.0\nA2,"1,250"\nA3,"1,000"\nA4,1.5\n',
      { sync: { inventory_level: 'Stock' } },
      'decimals 2 Stock: "12.0" → "12"',
      'decimals 3 Stock: "1,250" → "1250"',
      'decimals 4 Stock: "1,000" ?',
      'value 5 Stock: "1.5" ?',
    ],
  ],
  'prices in cents': [
    [
      'are a hundredth',
      'SKU,Price\nA1,1290\nA2,500\nA3,99\nA4,1200\nA5,100050\nNEW,250\nA6,12.90\nA7,0\n',
      {
        sync: PRICES,
        store: [
          ['A1', '12.9'],
          ['A2', '5'],
          ['A3', '0.99'],
          ['A4', '12'],
          ['A5', '1000.5'],
          ['A6', '12.9'],
        ].map(([sku, price]) => ({ sku: sku!, price: price! })),
      },
      'cents 2 Price: "1290" → "12.90"',
      'cents 3 Price: "500" → "5.00"',
      'cents 4 Price: "99" → "0.99"',
      'cents 5 Price: "1200" → "12.00"',
      'cents 6 Price: "100050" → "1000.50"',
      'cents 7 Price: "250" → "2.50"',
    ],
    [
      'are not called so from a few',
      'SKU,Price\nA1,1290\nA2,500\n',
      {
        sync: PRICES,
        store: [
          { sku: 'A1', price: '12.9' },
          { sku: 'A2', price: '5' },
        ],
      },
    ],
  ],
  'shifted cells': [
    [
      'in a row of another length',
      'SKU,Name,Price,Stock\nA1,Mug,1.00,5\nA2,Cup,2.00,6\nA3,Pot,3.00\nA4,Big, red,4.00,8\nA5,Jug,5.00,9\n',
      {},
      'row-length 4 -: "" ?',
      'row-length 5 -: "" ?',
    ],
    [
      'to the right of a blank one',
      'SKU,Name,Price,Stock,Note\nA1,Mug,1.50,5,x\nA2,Cup,2.50,6,y\nA3,Pot,3.50,7,z\nA4,Jug,4.50,8,z\nA5,,Pan,5.50,9\n',
      {},
      'shifted 6 Name: "" → "Pan"',
      'shifted 6 Price: "Pan" → "5.50"',
      'shifted 6 Stock: "5.50" → "9"',
      'shifted 6 Note: "9" → ""',
    ],
    [
      'to the left of a blank last one',
      'SKU,Name,Price,Stock,Note\nA1,Mug,1.50,5,x\nA2,Cup,2.50,6,y\nA3,Pot,3.50,7,z\nA4,Jug,4.50,8,z\nA5,5.50,9,x,\n',
      {},
      'shifted 6 Name: "5.50" → ""',
      'shifted 6 Price: "9" → "5.50"',
      'shifted 6 Stock: "x" → "9"',
      'shifted 6 Note: "" → "x"',
    ],
  ],
  keys: [
    [
      'twice',
      'SKU,Price\nA1,1\nA2,2\nA1,3\n',
      { sync: PRICES },
      'duplicate-key 2 SKU: "A1" ?',
      'duplicate-key 4 SKU: "A1" ?',
    ],
    [
      'in other letters',
      'SKU,Price\na1,1\nA2,2\nA1,3\n',
      { sync: PRICES },
      'duplicate-key 2 SKU: "a1" ?',
      'duplicate-key 4 SKU: "A1" ?',
    ],
    ['that are blank', 'SKU,Price\n,1\n', { sync: PRICES }, 'value 2 SKU: "" ?'],
  ],
  'a file that was cut': [
    ['behind a cell', 'SKU,Price\nA1,12.90\nA2,1', { sync: PRICES }, 'cut 3 Price: "1" ?'],
    ['inside a row', 'SKU,Name,Price\nA1,Mug,12.90\nA2,M', {}, 'cut 3 Name: "M" ?'],
    [
      'is whole where its program never ends the last line',
      'SKU,Price\nA1,1\nA2,1',
      { sync: PRICES, options: { finalNewline: 'optional' } },
    ],
    [
      'inside quotes',
      'SKU,Price\nA1,"12.9',
      { sync: PRICES },
      'refused: feed.csv: a quote is opened and never closed in the record that starts on line 2',
    ],
  ],
  'variants without their product': [
    [
      'of Shopify',
      'Handle,Title,Option1 Value,Variant SKU\nmug,Mug,Red,M1\nmug,,Blue,M2\ncup,,Red,C1\n',
      {},
      'orphan 4 Handle: "cup" ?',
    ],
    [
      'of WooCommerce',
      'ID,Type,SKU,Name,Parent\n1,variable,M,Mug,\n2,variation,M1,Mug red,M\n3,variation,C1,Cup,C\n4,variation,M2,Mug blue,id:1\n',
      {},
      'orphan 4 Parent: "C" ?',
    ],
    [
      'of Magento',
      'sku,product_type,visibility,configurable_variations\nM1,simple,Not Visible Individually,\nM2,simple,Not Visible Individually,\nX,simple,"Catalog, Search",\nM,configurable,"Catalog, Search","sku=M1,color=Red|sku=M3,color=Blue"\n',
      {},
      'orphan 3 sku: "M2" ?',
    ],
    [
      'of BigCommerce',
      'Item,ID,Name,SKU\nVariant,8,,M1\nProduct,7,Mug,M\nVariant,9,,M2\n',
      {},
      'orphan 2 Item: "Variant" ?',
    ],
    [
      'of BigCommerce’s bulk edit',
      'Item Type,Product ID,Product Name\nSKU,8,\nProduct,7,Mug\n  SKU,9,\n',
      {},
      'orphan 2 Item Type: "SKU" ?',
    ],
  ],
  'values that the store cannot hold': [
    [
      'by their limits',
      `SKU,Name,Price,Stock\nA1,${'x'.repeat(251)},-1,2147483648\nA2,Mug,12.00001,5\n`,
      { sync: { name: 'Name', price: 'Price', inventory_level: 'Stock' } },
      `value 2 Name: "${'x'.repeat(199)}…" ?`,
      'value 2 Price: "-1" ?',
      'value 2 Stock: "2147483648" ?',
      'value 3 Price: "12.00001" ?',
    ],
    [
      'by what they are',
      'SKU,Price\nA1,N/A\nA2,$5\n',
      { sync: PRICES },
      'value 2 Price: "N/A" ?',
      'value 3 Price: "$5" ?',
    ],
  ],
  'a header': [
    [
      'in other letters',
      'sku,PRICE\nA1,x\n',
      { sync: PRICES },
      'header 1 sku: "sku" → "SKU"',
      'header 1 PRICE: "PRICE" → "Price"',
    ],
    [
      'with an unseen character',
      'SKU,Pri\u200bce\nA1,1\n',
      { sync: PRICES },
      'header 1 Pri\u200bce: "Pri\u200bce" → "Price"',
    ],
    ['that lacks a column', 'SKU,Prices\nA1,1\n', { sync: PRICES }, 'header 1 Price: "" ?'],
    ['that names one twice', 'SKU,Price,Price\nA1,1,2\n', { sync: PRICES }, 'header 1 Price: "Price" ?'],
  ],
  'a file that cannot be read': [
    ['is empty', '', { sync: PRICES }, 'refused: feed.csv is empty'],
    ['has no rows', 'SKU,Price\n', { sync: PRICES }, 'refused: feed.csv has a header and no rows'],
    [
      'is split elsewhere',
      'SKU;Price\nA1;1\n',
      { sync: PRICES },
      'refused: feed.csv has one column when it is split at comma, and its first line holds a semicolon',
    ],
    [
      'tells what was found before',
      'SKU,Price\nA1,x\nA2,1"\n',
      { sync: PRICES },
      'value 2 Price: "x" ?',
      'refused: feed.csv: found a quote inside a cell that does not begin with one in the record that starts on line 3',
    ],
  ],
}

for (const [what, cases] of Object.entries(CASES)) {
  describe(what, () => {
    for (const [title, file, patient, ...found] of cases) {
      it(title, async () => {
        expect(await examined(file, patient)).toEqual(found)
      })
      const repairs = found.filter(isRepair)
      if (!repairs.length) continue
      it(`${title}: the copy differs in the repaired rows only, and nothing is left to repair in it`, async () => {
        const { bytes, left } = await repaired(file, patient)
        const again = await examined(bytes, patient)
        expect(again.filter(isRepair)).toEqual([])
        expect(again).toHaveLength(left)
        const before = file.split('\n')
        const changed = Buffer.from(bytes)
          .toString()
          .split('\n')
          .flatMap((line, at) => (line === before[at] ? [] : [at + 1]))
        expect(changed).toEqual([...new Set(repairs.map((one) => Number(one.split(' ')[1])))])
      })
    }
  })
}

describe('a repaired copy', () => {
  it('keeps the byte order mark, line endings, quotes, blank lines and a last line without an end', async () => {
    const file = '\ufeff"SKU",Price,Note\r\n"A1","12,90","x ""y"""\r\n\r\n A2 ,13.50,"a, b"\nA3,"1.299,00",'
    const patient: Patient = { sync: PRICES, options: { finalNewline: 'optional' } }
    const { bytes, cells, left } = await repaired(file, patient)
    expect(Buffer.from(bytes).toString()).toBe(
      '\ufeff"SKU",Price,Note\r\n"A1","12.90","x ""y"""\r\n\r\nA2,13.50,"a, b"\nA3,"1299.00",',
    )
    expect([cells, left]).toEqual([3, 0])
  })

  it('is in the encoding of the original', async () => {
    const body = Buffer.from('SKU;Name\nA1;MÃ¼ller \nA2;Straße\n', 'latin1')
    const patient: Patient = { sync: { name: 'Name' }, options: { delimiter: ';', encoding: 'windows-1252' } }
    const { bytes } = await repaired(body, patient)
    expect(Buffer.from(bytes).toString('latin1')).toBe('SKU;Name\nA1;Müller\nA2;Straße\n')
    const none = Buffer.from('SKU;Name\nA1;\u00f0\u009f\u0098\u0080\nA2;Tea \n', 'latin1')
    const partly = await repaired(none, patient)
    expect(Buffer.from(partly.bytes).equals(none)).toBe(false)
    expect([Buffer.from(partly.bytes).toString('latin1').slice(-7), partly.cells, partly.left]).toEqual([
      'A2;Tea\n',
      1,
      1,
    ])
  })
})

describe('a column that two syncs read in two manners', () => {
  it('has no repair that one of them would take back', async () => {
    const location = memory(Buffer.from('SKU;Price\nA1;12,90\nA2;13.90\n'))
    const comma = { price: ruleOf('Price', { format: { decimal: ',' } }) }
    const subjects = [subjectOf(comma, undefined), subjectOf(PRICES, undefined), subjectOf(comma, undefined)]
    const patient = { location, options: { delimiter: ';' }, subjects }
    const found: (string | null)[] = []
    await examineCsv(patient, ({ repair }) => found.push(repair))
    expect(found).toEqual([null, '13,90'])
    expect((await repairCsv(patient)).cells).toBe(1)
  })
})

describe('what is said of a finding', () => {
  const said = async (file: string, patient: Patient = {}) =>
    (await findingsOf(file, patient)).map(({ problem }) => problem)

  it('tells where a row of another length fits', async () => {
    const head = 'SKU,Name,Price,Stock\nA1,Mug,1.00,5\nA2,Cup,2.00,6\nA6,Pan,2.50,6\nA7,Can,2.50,6\n'
    expect(await said(`${head}A3,3.00,7\nA4,Big, red,4.00,8\nA5,Jug\n`)).toEqual([
      'a row of 3 cells where 4 are expected; they fit when the one of "Name" is missing',
      'a row of 5 cells where 4 are expected; they fit when two of them are one "Name"',
      'a row of 2 cells where 4 are expected',
    ])
  })

  it('names all lines of a key, and that they differ in letters', async () => {
    expect(await said('SKU,Price\na1,1\nA1,2\nB,1\nB,2\n', { sync: PRICES })).toEqual([
      'a key that is there 2 times, in other letters: lines 2, 3',
      'a key that is there 2 times, in other letters: lines 2, 3',
      'a key that is there 2 times: lines 4, 5',
      'a key that is there 2 times: lines 4, 5',
    ])
  })

  it('tells how to declare numbers that are all written so', async () => {
    expect(await said('SKU,Price\nA1,"12,90"\n', { sync: PRICES })).toEqual([
      'a number with "," for its decimals, as all of its column: set "format": { "decimal": "," }',
    ])
  })

  it('gives the reason of the mapping', async () => {
    expect(await said('SKU,Price\nA1,$5\n', { sync: PRICES })).toEqual(['not a number: it has a currency'])
  })
})
