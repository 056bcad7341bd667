/** One kind of thing the shop sells: what it is called, where it is shelved, and what is believable about it. */
export interface Kind {
  readonly noun: string
  readonly plural: string
  /** Department and group, above the shelf that carries the plural. */
  readonly shelf: readonly [string, string]
  readonly materials: readonly string[]
  /** Lowest and highest list price, whole units of currency. */
  readonly price: readonly [number, number]
  /** Lowest and highest weight in the store's unit. */
  readonly weight: readonly [number, number]
  /** Names in CHOICES that a product of this kind may be offered in. */
  readonly choices: readonly string[]
}

const kind = (
  [noun, plural]: readonly [string, string],
  shelf: readonly [string, string],
  materials: string,
  price: readonly [number, number],
  weight: readonly [number, number],
  choices: string,
): Kind => ({ noun, plural, shelf, materials: materials.split(', '), price, weight, choices: choices.split(', ') })

const BAGS = ['Bags & Travel', 'Everyday Bags'] as const
const TRAVEL = ['Bags & Travel', 'Travel'] as const
const TABLE = ['Kitchen & Table', 'Tableware'] as const
const COOK = ['Kitchen & Table', 'Cooking'] as const
const BED = ['Home', 'Bed & Bath'] as const
const LIVING = ['Home', 'Living Room'] as const
const TOPS = ['Clothing', 'Tops'] as const
const LAYERS = ['Clothing', 'Outerwear'] as const
const SMALL = ['Clothing', 'Accessories'] as const
const CAMP = ['Outdoor', 'Camp'] as const
const GARDEN = ['Outdoor', 'Garden'] as const
const DESK = ['Studio', 'Stationery'] as const

export const KINDS: readonly Kind[] = [
  kind(['Tote', 'Totes'], BAGS, 'Canvas, Leather, Waxed Cotton, Jute, Hemp', [24, 180], [12, 40], 'Colour, Size'),
  kind(
    ['Backpack', 'Backpacks'],
    BAGS,
    'Canvas, Ripstop, Leather, Recycled Nylon',
    [59, 260],
    [24, 64],
    'Colour, Capacity',
  ),
  kind(['Crossbody', 'Crossbodies'], BAGS, 'Leather, Suede, Canvas, Felt', [39, 190], [8, 24], 'Colour'),
  kind(['Weekender', 'Weekenders'], TRAVEL, 'Waxed Cotton, Canvas, Leather', [89, 320], [40, 90], 'Colour, Size'),
  kind(['Packing Cube', 'Packing Cubes'], TRAVEL, 'Ripstop, Mesh, Cotton', [12, 38], [3, 9], 'Colour, Size'),
  kind(['Wash Bag', 'Wash Bags'], TRAVEL, 'Waxed Cotton, Leather, Linen', [18, 75], [4, 14], 'Colour'),
  kind(
    ['Dinner Plate', 'Dinner Plates'],
    TABLE,
    'Stoneware, Porcelain, Enamel, Bamboo',
    [9, 42],
    [14, 32],
    'Glaze, Set',
  ),
  kind(['Mug', 'Mugs'], TABLE, 'Stoneware, Porcelain, Enamel, Glass', [8, 32], [8, 16], 'Glaze, Set'),
  kind(['Carafe', 'Carafes'], TABLE, 'Glass, Stoneware, Copper', [22, 88], [18, 48], 'Capacity, Glaze'),
  kind(['Napkin', 'Napkins'], TABLE, 'Linen, Cotton, Hemp', [6, 28], [2, 6], 'Colour, Set'),
  kind(['Skillet', 'Skillets'], COOK, 'Cast Iron, Carbon Steel, Copper, Steel', [34, 210], [40, 120], 'Diameter'),
  kind(['Saucepan', 'Saucepans'], COOK, 'Steel, Copper, Enamel', [38, 240], [36, 100], 'Capacity, Finish'),
  kind(['Chopping Board', 'Chopping Boards'], COOK, 'Walnut, Oak, Bamboo, Maple', [19, 110], [24, 90], 'Size'),
  kind(['Paring Knife', 'Paring Knives'], COOK, 'Carbon Steel, Damascus, Steel', [16, 140], [3, 8], 'Handle'),
  kind(['Apron', 'Aprons'], COOK, 'Denim, Linen, Canvas, Waxed Cotton', [24, 84], [8, 20], 'Colour, Size'),
  kind(['Duvet Cover', 'Duvet Covers'], BED, 'Linen, Percale, Sateen, Flannel', [69, 290], [40, 90], 'Colour, Bed'),
  kind(['Pillowcase', 'Pillowcases'], BED, 'Linen, Percale, Silk, Flannel', [14, 78], [4, 10], 'Colour, Set'),
  kind(['Bath Towel', 'Bath Towels'], BED, 'Terry, Waffle, Linen, Bamboo', [15, 68], [14, 30], 'Colour, Size'),
  kind(['Blanket', 'Blankets'], LIVING, 'Wool, Cotton, Alpaca, Mohair', [48, 280], [30, 80], 'Colour, Size'),
  kind(['Cushion', 'Cushions'], LIVING, 'Linen, Velvet, Wool, Boucle', [22, 95], [16, 34], 'Colour, Size, Filling'),
  kind(['Table Lamp', 'Table Lamps'], LIVING, 'Brass, Ceramic, Oak, Paper', [58, 340], [48, 140], 'Finish, Shade'),
  kind(['Vase', 'Vases'], LIVING, 'Stoneware, Glass, Terracotta', [18, 130], [20, 70], 'Glaze, Size'),
  kind(['Candle', 'Candles'], LIVING, 'Beeswax, Soy, Rapeseed', [9, 54], [8, 30], 'Scent, Size'),
  kind(['Basket', 'Baskets'], LIVING, 'Seagrass, Rattan, Jute, Felt', [16, 98], [14, 60], 'Size'),
  kind(['Shirt', 'Shirts'], TOPS, 'Linen, Oxford, Flannel, Chambray, Poplin', [39, 160], [8, 16], 'Fit, Size, Colour'),
  kind(['T-Shirt', 'T-Shirts'], TOPS, 'Cotton, Merino, Hemp', [18, 80], [5, 10], 'Colour, Size'),
  kind(['Sweater', 'Sweaters'], TOPS, 'Lambswool, Merino, Cotton, Cashmere', [58, 320], [14, 30], 'Colour, Size'),
  kind(['Jacket', 'Jackets'], LAYERS, 'Waxed Cotton, Denim, Canvas, Wool', [98, 420], [30, 70], 'Size, Colour, Fit'),
  kind(['Raincoat', 'Raincoats'], LAYERS, 'Ripstop, Rubberised, Recycled Nylon', [79, 340], [18, 48], 'Size, Colour'),
  kind(['Vest', 'Vests'], LAYERS, 'Quilted, Fleece, Down', [49, 220], [12, 28], 'Size, Colour'),
  kind(['Scarf', 'Scarves'], SMALL, 'Merino, Cashmere, Silk, Linen', [22, 160], [4, 10], 'Colour'),
  kind(['Beanie', 'Beanies'], SMALL, 'Merino, Lambswool, Cotton', [14, 62], [2, 5], 'Colour'),
  kind(['Belt', 'Belts'], SMALL, 'Leather, Suede, Canvas', [24, 110], [6, 14], 'Colour, Length'),
  kind(['Gloves', 'Gloves'], SMALL, 'Leather, Merino, Suede', [24, 120], [3, 9], 'Size, Colour'),
  kind(['Tent', 'Tents'], CAMP, 'Ripstop, Canvas', [149, 690], [70, 260], 'Sleeps, Colour'),
  kind(['Sleeping Bag', 'Sleeping Bags'], CAMP, 'Down, Fleece, Recycled Nylon', [69, 380], [30, 80], 'Length, Season'),
  kind(['Lantern', 'Lanterns'], CAMP, 'Brass, Steel, Enamel', [24, 120], [12, 40], 'Finish'),
  kind(['Flask', 'Flasks'], CAMP, 'Steel, Enamel, Glass', [16, 64], [8, 24], 'Capacity, Colour'),
  kind(['Camp Chair', 'Camp Chairs'], CAMP, 'Canvas, Oak, Ripstop', [49, 240], [60, 160], 'Colour'),
  kind(
    ['Watering Can', 'Watering Cans'],
    GARDEN,
    'Galvanised, Copper, Enamel',
    [18, 110],
    [24, 70],
    'Capacity, Finish',
  ),
  kind(
    ['Planter', 'Planters'],
    GARDEN,
    'Terracotta, Stoneware, Galvanised, Cedar',
    [14, 190],
    [30, 240],
    'Size, Glaze',
  ),
  kind(['Secateurs', 'Secateurs'], GARDEN, 'Carbon Steel, Steel', [18, 85], [6, 14], 'Handle'),
  kind(['Notebook', 'Notebooks'], DESK, 'Linen, Leather, Kraft, Recycled', [6, 48], [6, 18], 'Ruling, Size'),
  kind(['Pencil Case', 'Pencil Cases'], DESK, 'Canvas, Leather, Felt', [9, 54], [2, 8], 'Colour'),
  kind(['Desk Tray', 'Desk Trays'], DESK, 'Oak, Walnut, Steel, Felt', [18, 96], [14, 48], 'Finish, Size'),
]
