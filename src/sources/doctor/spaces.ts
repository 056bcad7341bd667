import type { CellRule } from './finding.ts'
import { isIdentifier } from './identifier.ts'

/** Blanks around a cell, and in keys and numbers also what nobody sees inside. A cell of plain blanks is a blank cell. */
export const spaces: CellRule = ({ text, use }) => {
  if (!use || /^[ \t]*$/.test(text)) return undefined
  const keepsPlain = use.facts.kind === 'text' && use.role === 'field' && use.rule?.trim === false
  const around = text.replace(keepsPlain ? UNSEEN_AROUND : AROUND, '')
  const isText = use.facts.kind === 'text' && !isIdentifier(use)
  const repair = isText ? around : around.replace(UNSEEN, '')
  if (repair === text) return undefined
  return { problem: around === text ? 'text with invisible characters' : 'text with blanks around it', repair }
}

const BLANK = '\\p{Zs}\\t\\u00ad\\u034f\\u061c\\u115f\\u1160\\u180e\\u200b\\u200e\\u200f\\u2060\\u3164\\ufeff\\uffa0'
const AROUND = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, 'gu')
const UNSEEN_AROUND = new RegExp(`^(?:(?![ \\t])[${BLANK}])+|(?:(?![ \\t])[${BLANK}])+$`, 'gu')
/** As a mapping refuses them in a key. Blanks inside a number are for the rule of decimals. */
const UNSEEN = /\p{Cf}|[\u115f\u1160\u3164\uffa0]|\u034f/gu
