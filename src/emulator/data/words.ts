/** First words of product names: the maker's line. */
export const LINES =
  `Harbour Meridian Alder Coastline Foundry Juniper Larkspur Mariner Northfield Orchard Prairie Quarry Rowan Saltmarsh
  Thistle Upland Verge Wharf Yarrow Ashby Beacon Cinder Drift Ember Fernhill Gable Hearth Inlet Kestrel Lowland Mistral
  Nettle Outpost Pebble Ridgeway Sundry Tidewater Union Vesper Willow Anchor Bramble Copse Dune Estuary Fjord Granary
  Hollow Ivy Jetty Keel Linden Moor Nomad Oakwell Pilgrim Quill Rook Shoreline Tundra Umber Vale Wick Zephyr Arbour
  Birch Clover Dockside Elm Fathom Gorse Haven Islet Lattice Maple Nightfall Osprey Pennant Redwood Sable Tanner Wren`.split(
    /\s+/,
  )

export const BRANDS =
  `Ashdown & Pell, Atelier Noor, Bell Harbour, Birchwood Supply, Blue Door Goods, Brackenridge, Calder Mill, Common Thread,
  Copper Lane, Dorset Trading Co., Eastgate Works, Fieldnote, Fir & Fable, Gable House, Greyfriars, Hallam & Sons, Hearthside,
  Hinterland, Isla Studio, Kiln Row, Kindred Made, Lakeside Outfitters, Longacre, Maison Verre, Marlowe, Millbrook, Mossgrove,
  Northlight, Old Quay, Paper & Twine, Pine Street, Ravel, Rosewater, Saltbox, Sandpiper, Stillwater, Tannery No. 9, The Loom,
  Tilia, Westmere`.split(/,\s+/)

export const MERITS =
  `made in small runs, finished by hand, built to be repaired, cut and sewn in one workshop, kept simple on purpose, tested
  through a full winter, softened with every use, packed flat to travel well, sourced within two hundred miles, guaranteed for
  ten years`
    .replace(/\s+/g, ' ')
    .split(', ')

export const CUSTOM_FIELDS: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['Country of origin', ['Portugal', 'United Kingdom', 'Japan', 'United States', 'India', 'Denmark']],
  ['Care', ['Hand wash', 'Machine wash cold', 'Wipe clean', 'Dishwasher safe', 'Dry clean only']],
  ['Season', ['All year', 'Spring', 'Summer', 'Autumn', 'Winter']],
  ['Warranty', ['2 years', '5 years', '10 years', 'Lifetime']],
]

export const FIRST_NAMES =
  'Amelia Ben Carmen Daniel Elena Farid Grace Hiro Imani Jonas Keiko Liam Maya Noah Olga Priya Quentin Rosa Sam Tessa'.split(
    ' ',
  )

export const LAST_NAMES =
  'Abbott Baker Castillo Dawson Ellis Fischer Garcia Hughes Ito Johnson Khan Lopez Murphy Novak Olsen Patel Reyes Silva Tran Weber'.split(
    ' ',
  )

/** City, state in full, zip: the store sells within one country. */
export const PLACES: readonly (readonly [city: string, state: string, zip: string])[] = [
  ['Austin', 'Texas', '78701'],
  ['Portland', 'Oregon', '97205'],
  ['Burlington', 'Vermont', '05401'],
  ['Savannah', 'Georgia', '31401'],
  ['Madison', 'Wisconsin', '53703'],
  ['Santa Fe', 'New Mexico', '87501'],
  ['Providence', 'Rhode Island', '02903'],
  ['Boise', 'Idaho', '83702'],
  ['Asheville', 'North Carolina', '28801'],
  ['Duluth', 'Minnesota', '55802'],
]

export const STREETS =
  'Mill Street, Orchard Road, Harbor View, Chestnut Avenue, Station Lane, Prospect Street, Cedar Court'.split(', ')
