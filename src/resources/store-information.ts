import { defineResource, flag, integer, json, noise, readOnly, text } from '../model/index.ts'

export const storeInformation = defineResource({
  name: 'store_information',
  about: 'The store itself: its identity, currency, units and time zone.',
  source: 'Store information',
  scope: 'store_v2_information',
  settleMs: 0,
  key: ['id'],
  match: ['domain'],
  fields: {
    id: readOnly(text({ about: 'Store hash.' })),
    name: readOnly(text()),
    domain: readOnly(text()),
    secure_url: readOnly(text()),
    status: readOnly(text()),
    country_code: readOnly(text()),
    currency: readOnly(text({ about: 'Three letters, the currency of every catalog price.' })),
    decimal_places: readOnly(integer({ about: 'Places that the storefront shows; the catalog keeps 4.' })),
    weight_units: readOnly(text()),
    dimension_units: readOnly(text()),
    timezone: readOnly(text({ at: 'timezone.name' })),
    language: readOnly(text()),
    plan_name: readOnly(text()),
    plan_level: readOnly(text()),
    is_price_entered_with_tax: readOnly(flag()),
    default_channel_id: readOnly(integer()),
    features: noise(json()),
  },
  measures: {
    weight: {
      field: 'weight_units',
      words: {
        ...{ grams: 'g', g: 'g', kilograms: 'kg', kgs: 'kg', kg: 'kg', tonnes: 't', t: 't' },
        ...{ ounces: 'oz', oz: 'oz', pounds: 'lb', lbs: 'lb', lb: 'lb' },
      },
    },
    length: {
      field: 'dimension_units',
      words: {
        ...{ millimeters: 'mm', mm: 'mm', centimeters: 'cm', cm: 'cm', meters: 'm', m: 'm' },
        ...{ inches: 'in', in: 'in', feet: 'ft', ft: 'ft' },
      },
    },
    places: { field: 'decimal_places' },
  },
  api: { list: { path: '/v2/store', paging: 'single', pageSize: 1 } },
})
