/** What an option is called, how the storefront draws it, and its values: label, code in a SKU, colour where it has one. */
export interface Choice {
  readonly type: 'swatch' | 'rectangles' | 'dropdown' | 'radio_buttons'
  readonly values: readonly (readonly [label: string, code: string, colour?: string])[]
}

export const CHOICES: Readonly<Record<string, Choice>> = {
  Colour: {
    type: 'swatch',
    values: [
      ['Navy', 'NVY', '#1d2a44'],
      ['Olive', 'OLV', '#5b5f3a'],
      ['Natural', 'NAT', '#e7dfcf'],
      ['Charcoal', 'CHR', '#36393d'],
      ['Rust', 'RST', '#a4502c'],
      ['Sage', 'SGE', '#9caa8c'],
      ['Mustard', 'MST', '#c8992e'],
      ['Burgundy', 'BRG', '#5e1f2d'],
    ],
  },
  Glaze: {
    type: 'swatch',
    values: [
      ['Oat', 'OAT', '#e4d9c4'],
      ['Celadon', 'CEL', '#a9c3b1'],
      ['Indigo', 'IND', '#2c3561'],
      ['Soot', 'SOT', '#2a2826'],
      ['Chalk', 'CHK', '#f3f0ea'],
    ],
  },
  Size: {
    type: 'rectangles',
    values: [
      ['Extra Small', 'XS'],
      ['Small', 'S'],
      ['Medium', 'M'],
      ['Large', 'L'],
      ['Extra Large', 'XL'],
      ['2X Large', '2XL'],
    ],
  },
  Fit: {
    type: 'radio_buttons',
    values: [
      ['Regular', 'REG'],
      ['Slim', 'SLM'],
      ['Relaxed', 'RLX'],
    ],
  },
  Capacity: {
    type: 'rectangles',
    values: [
      ['0.5 L', '050'],
      ['1 L', '100'],
      ['1.5 L', '150'],
      ['2 L', '200'],
    ],
  },
  Diameter: {
    type: 'rectangles',
    values: [
      ['20 cm', '20'],
      ['24 cm', '24'],
      ['28 cm', '28'],
      ['32 cm', '32'],
    ],
  },
  Set: {
    type: 'dropdown',
    values: [
      ['Single', '1'],
      ['Set of 2', '2'],
      ['Set of 4', '4'],
      ['Set of 6', '6'],
    ],
  },
  Finish: {
    type: 'dropdown',
    values: [
      ['Brushed', 'BRU'],
      ['Polished', 'POL'],
      ['Matt Black', 'MBK'],
      ['Aged', 'AGD'],
    ],
  },
  Handle: {
    type: 'radio_buttons',
    values: [
      ['Beech', 'BCH'],
      ['Walnut', 'WAL'],
      ['Horn', 'HRN'],
    ],
  },
  Bed: {
    type: 'dropdown',
    values: [
      ['Single', 'SGL'],
      ['Double', 'DBL'],
      ['King', 'KNG'],
      ['Super King', 'SKG'],
    ],
  },
  Filling: {
    type: 'dropdown',
    values: [
      ['Feather', 'FTH'],
      ['Wool', 'WOO'],
      ['No Filling', 'NOF'],
    ],
  },
  Shade: {
    type: 'dropdown',
    values: [
      ['Linen Shade', 'LIN'],
      ['Paper Shade', 'PAP'],
      ['Glass Shade', 'GLS'],
    ],
  },
  Scent: {
    type: 'dropdown',
    values: [
      ['Fig', 'FIG'],
      ['Cedar', 'CED'],
      ['Sea Salt', 'SEA'],
      ['Unscented', 'UNS'],
    ],
  },
  Length: {
    type: 'rectangles',
    values: [
      ['Short', 'SH'],
      ['Regular', 'RG'],
      ['Long', 'LG'],
    ],
  },
  Sleeps: {
    type: 'rectangles',
    values: [
      ['1 Person', '1P'],
      ['2 Person', '2P'],
      ['4 Person', '4P'],
    ],
  },
  Season: {
    type: 'dropdown',
    values: [
      ['Summer', 'SUM'],
      ['Three Season', '3SE'],
      ['Winter', 'WIN'],
    ],
  },
  Ruling: {
    type: 'radio_buttons',
    values: [
      ['Plain', 'PLN'],
      ['Lined', 'LND'],
      ['Dotted', 'DOT'],
      ['Grid', 'GRD'],
    ],
  },
}
