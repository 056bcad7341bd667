import {
  canonical,
  type Field,
  type FieldRule,
  type KeyRule,
  type Naming,
  refusal,
  type Value,
} from '../model/index.ts'
import { readMoment } from './moment.ts'
import { numberReader } from './number.ts'
import { unfit } from './unfit.ts'

/** What a cell says: a canonical value, nothing (`undefined`), or why it cannot be used, to follow "is". */
export type Cell = { readonly value: Value | undefined } | { readonly reason: string }

export type CellReader = (raw: string) => Cell

/** Reader of the cells of a mapped field. */
export const fieldReader = (field: Field, rule: FieldRule): CellReader => {
  const keepBlanks = isFreeText(field) && !rule.trim
  const isBlank = keepBlanks ? (text: string) => withoutBlanks(text) === '' : (text: string) => text === ''
  const parse = rule.names ? namesReader(field, rule.names) : parser(field, rule)
  const meant = new Map(Object.entries(rule.map ?? {}))
  const clears = new Set(rule.clear)
  return (raw) => {
    const bare = keepBlanks ? raw : withoutBlanks(raw)
    if (clears.size > 0 && clears.has(bare)) return cleared(field, rule)
    const word = meant.get(bare)
    if (rule.else === 'reject' && word === undefined && !isBlank(bare)) return { reason: 'none of the words of "map"' }
    const mapped = word ?? (rule.else === 'blank' ? '' : bare)
    const text = isBlank(mapped) ? (rule.default ?? '') : mapped
    return isBlank(text) ? blank(field, rule) : parse(text)
  }
}

/** Names instead of ids: paths of names, which whoever knows the store replaces. */
const namesReader =
  (field: Field, { list, path }: Naming): CellReader =>
  (text) => {
    const bad = unfit(text, 'value')
    if (bad !== undefined) return { reason: bad }
    const names =
      field.kind === 'ids' && list !== undefined ? text.split(list).map(withoutBlanks).filter(Boolean) : [text]
    const paths = names.map((name) => (path === undefined ? [name] : name.split(path).map(withoutBlanks)))
    return paths.flat().includes('') ? { reason: 'a path with an empty level' } : { value: paths }
  }

const blank = (field: Field, rule: FieldRule): Cell => {
  if (rule.blank === 'keep') return { value: undefined }
  return rule.blank === 'clear' ? cleared(field, rule) : { reason: 'blank' }
}

/** Reader of the cells of a key field: blanks around it are dropped, and anything that a person cannot see refuses it. */
export const keyReader = (field: Field, { names, blank: meant }: Pick<KeyRule, 'names' | 'blank'> = {}): CellReader => {
  const parse = names ? namesReader(field, names) : parser(field, undefined)
  return (raw) => {
    const text = withoutBlanks(raw)
    if (text === '') return meant === 'none' ? { value: null } : { reason: 'a blank key' }
    const reason = unfit(text, 'key')
    return reason === undefined ? parse(text) : { reason }
  }
}

/** Only spaces and tabs; any other blank is a character that somebody should look at. */
export const withoutBlanks = (text: string): string => {
  let end = text.length
  while (end > 0 && isBlankAt(text, end - 1)) end -= 1
  let start = 0
  while (start < end && isBlankAt(text, start)) start += 1
  return end - start === text.length ? text : text.slice(start, end)
}

const isBlankAt = (text: string, at: number): boolean => text[at] === ' ' || text[at] === '\t'

/** Text in which blanks may mean something; a word out of a list is none. */
const isFreeText = (field: Field): boolean => field.kind === 'text' && field.values === undefined

const cleared = (field: Field, { owner }: FieldRule): Cell => {
  if (refusal(field, null) === undefined) return { value: null }
  if (isFreeText(field) && !field.min) return { value: '' }
  if (field.kind === 'ids') return { value: [] }
  // What the store owns is never written to it, so the cell may be as empty as it is.
  return owner === 'store' ? { value: null } : { reason: 'blank, and the field cannot be cleared' }
}

/** Parses text that is not blank, then asks the field whether it may hold the value. */
const parser = (field: Field, rule: FieldRule | undefined): CellReader => {
  const read = KINDS[field.kind](field, rule)
  // Whether the store lets us write the field at all is a matter of the mapping, not of a cell.
  const { readOnly: _, ...limits } = field
  return (text) => {
    const bad = unfit(text, 'value')
    if (bad !== undefined) return { reason: bad }
    const cell = read(text)
    if ('reason' in cell || cell.value === undefined) return cell
    const reason = refusal(limits, cell.value)
    return reason === undefined ? cell : { reason }
  }
}

const KINDS: Readonly<Record<Field['kind'], (field: Field, rule: FieldRule | undefined) => CellReader>> = {
  money: (field, rule) => exactNumber(field, rule),
  decimal: (field, rule) => exactNumber(field, rule),
  integer: (field, rule) => {
    const number = numberReader(rule?.format)
    // "1.000" is a thousand to some programs and one to others: a fraction of zeros needs a declared format.
    const fraction = rule?.format ? /^-?\d+(?:\.0+)?$/ : /^-?\d+$/
    return (text) => {
      const read = number(text)
      if ('reason' in read) return read
      if (!fraction.test(read.digits)) return { reason: 'not a whole number' }
      return { value: canonical(field, read.digits.replace(/\..*/, '')) }
    }
  },
  flag: (field) => (text) =>
    FLAG.test(text) ? { value: canonical(field, text) } : { reason: 'not true or false, yes or no, 1 or 0' },
  timestamp: (field) => (text) => {
    const moment = readMoment(text)
    return 'reason' in moment ? moment : { value: canonical(field, moment.iso) }
  },
  text: (field) => (text) =>
    SHEET_ERROR.test(text) ? { reason: 'an error of a spreadsheet formula' } : { value: canonical(field, text) },
  ids: (field) => (text) => {
    // A list of a JSON record comes in its brackets.
    const bare = text.replace(/^\[(.*)\]$/s, '$1')
    const parts = bare === '' ? [] : bare.split(/[,;|]/).map(withoutBlanks)
    if (!parts.every((part) => /^-?\d{1,15}$/.test(part))) return { reason: 'not a list of ids' }
    return { value: canonical(field, parts.map(Number)) }
  },
  json: (field) => (text) => {
    if (field.plain && !text.startsWith('[')) return { value: text }
    try {
      return { value: canonical(field, JSON.parse(text)) }
    } catch (cause) {
      if (cause instanceof SyntaxError) return { reason: 'not JSON' }
      throw cause
    }
  },
}

const exactNumber = (field: Field, rule: FieldRule | undefined): CellReader => {
  const number = numberReader(rule?.format)
  return (text) => {
    const read = number(text)
    if ('reason' in read) return read
    if (/\.\d{4}\d*[1-9]/.test(read.digits)) return { reason: 'a number with more than 4 decimals' }
    return { value: canonical(field, read.digits) }
  }
}

const FLAG = /^(?:true|false|yes|no|1|0)$/i
export const SHEET_ERROR = /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$/
