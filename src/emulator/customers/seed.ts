import type { Random } from '../../model/index.ts'
import { between, chance, pick } from '../data/dice.ts'
import { FIRST_NAMES, LAST_NAMES, PLACES, STREETS } from '../data/words.ts'
import { type CustomerRow, type State, zuluTime } from '../state.ts'
import { BLANK } from './shape.ts'

/** Groups, attributes, and customers with addresses, values of attributes and answers of the sign-up form; nothing of them without customers. */
export const seedCustomers = (
  state: State,
  { random, now, count }: { readonly random: Random; readonly now: number; readonly count: number },
): void => {
  if (count === 0) return
  seedGroups(state, now)
  seedAttributes(state, now)
  for (let place = 0; place < count; place += 1) seedCustomer(state, random, now, place, count)
}

const DAY_MS = 86_400_000
const DAYS = 720

const seedGroups = (state: State, now: number): void => {
  const dates = datesAt(now - DAYS * DAY_MS)
  const group = { is_default: false, category_access: { type: 'all' }, discount_rules: [], is_group_for_guests: false }
  const percent = [{ type: 'all', method: 'percent', amount: '10.0000' }]
  const trade = [{ type: 'price_list', price_list_id: 1 }]
  state.customerGroups.insert({ ...group, name: 'Trade', discount_rules: trade, ...dates })
  state.customerGroups.insert({ ...group, name: 'Friends', discount_rules: percent, ...dates })
  state.customerGroups.insert({ ...group, name: 'Retail', is_default: true, ...dates })
}

const seedAttributes = (state: State, now: number): void => {
  const dates = datesAt(now - DAYS * DAY_MS)
  state.customerAttributes.insert({ name: 'Account manager', type: 'string', ...dates })
  state.customerAttributes.insert({ name: 'Credit limit', type: 'number', ...dates })
}

const seedCustomer = (state: State, random: Random, now: number, place: number, count: number): void => {
  const [first_name, last_name] = [pick(random, FIRST_NAMES), pick(random, LAST_NAMES)]
  const dates = datesAt(now - DAYS * DAY_MS + Math.floor(((place + random()) / count) * DAYS * DAY_MS))
  const isTrade = chance(random, 0.3)
  const company = isTrade ? `${last_name} & Co.` : ''
  const person = { first_name, last_name, company, phone: `512555${between(random, 1000, 9999)}` }
  const { id } = state.customers.insert({
    email: `${first_name}.${last_name}.${place + 1}@example.com`.toLowerCase(),
    ...BLANK,
    ...person,
    customer_group_id: isTrade ? 1 : pick(random, [0, 0, 2, 3]),
    form_fields: place % 3 === 0 ? [{ name: 'How did you hear of us', value: pick(random, HEARD) }] : [],
    ...dates,
  } as unknown as CustomerRow)
  const books = between(random, place === 0 ? 1 : 0, 2)
  for (let book = 0; book < books; book += 1) {
    const [city, state_or_province, postal_code] = pick(random, PLACES)
    state.customerAddresses.insert({
      ...person,
      address1: `${100 * (book + 1) + between(random, 1, 90)} ${pick(random, STREETS)}`,
      address2: '',
      city,
      state_or_province,
      postal_code,
      country_code: 'US',
      country: 'United States',
      address_type: isTrade ? 'commercial' : 'residential',
      customer_id: id,
    })
  }
  if (place % 4 === 0) seedValue(state, id, 1, pick(random, MANAGERS), dates)
  if (isTrade) seedValue(state, id, 2, String(500 * between(random, 1, 20)), dates)
}

const seedValue = (state: State, customer_id: number, attribute_id: number, attribute_value: string, dates: object) =>
  state.customerAttributeValues.insert({ customer_id, attribute_id, attribute_value, ...dates })

const datesAt = (millis: number) => ({ date_created: zuluTime(millis), date_modified: zuluTime(millis) })

const HEARD = ['A friend', 'Search', 'A fair']
const MANAGERS = ['I. Rossi', 'K. Berg', 'M. Okafor']
