import type { Value } from '../model/index.ts'

/** One value of one option, as the store holds it. */
export interface HeldChoice {
  readonly id: Value
  readonly label: string
  readonly option: Value
  readonly optionName: string
}

/** A row of a parent, and what it stands for: one value of each option; nothing where it stands for the parent itself. */
export interface HeldRow {
  readonly name: string
  readonly choices: readonly HeldChoice[]
}

/** What the store holds of one parent. */
export interface HeldFamily {
  readonly rows: readonly HeldRow[]
  /** Values that are known to be there, whether or not a row stands for them. */
  readonly values: readonly Omit<HeldChoice, 'optionName'>[]
}

/** A row that the source wants its parent to have. */
export interface WantedRow {
  readonly name: string
  /** The name was made up, because the source has none. */
  readonly isMade: boolean
  readonly choices: readonly WantedChoice[]
}

export interface WantedChoice {
  readonly option: string
  readonly label: string
}

/** A label that an option lacks. */
export interface LackingValue {
  readonly option: Value
  readonly optionName: string
  readonly label: string
  /** How many values the option is known to have. */
  readonly known: number
}

/**
 * `there`: the store has it. `new`: it can be made, with these values, in the order of the options. `lacking`: values have to be made
 * first. `misfit`: it cannot be made, and why; `at` says whether its name is wrong, or what it chooses.
 */
export type ChoiceVerdict =
  | { readonly kind: 'there' }
  | { readonly kind: 'new'; readonly choices: readonly HeldChoice[] }
  | { readonly kind: 'lacking'; readonly values: readonly LackingValue[] }
  | { readonly kind: 'misfit'; readonly at: 'name' | 'choices'; readonly reason: string }

export interface ChoiceLimits {
  readonly rows: number
  /** Of one option. */
  readonly values: number
}

/**
 * What becomes of each row that the source wants a parent to have. A row is the store's by its name or by what it chooses, ignoring
 * case, so that no row is made twice, and none is deleted to be made anew.
 * @param holderOf Who else has a name, as a reason to follow "is"; undefined when nobody has.
 */
export const judgeChoices = (
  held: HeldFamily,
  wanted: readonly WantedRow[],
  limits: ChoiceLimits,
  holderOf: (name: string) => string | undefined,
): readonly ChoiceVerdict[] => {
  const byName = new Map(held.rows.map((row) => [folded(row.name), row]))
  const byChoice = new Map(held.rows.map((row) => [choiceText(row.choices.map(asWanted)), row]))
  const options = optionsOf(held)
  const chosenOf = (row: WantedRow): HeldRow | undefined => byChoice.get(choiceText(row.choices))
  const isChosen = (row: WantedRow): boolean => row.isMade && chosenOf(row) !== undefined
  const choices = countOf(wanted.map((row) => choiceText(row.choices)))
  const names = countOf(wanted.flatMap((row) => (isChosen(row) ? [] : folded(row.name))))
  const judge = (row: WantedRow): ChoiceVerdict => {
    if ((choices.get(choiceText(row.choices)) ?? 0) > 1) return misfit('choices', 'chosen by two rows of one product')
    if (isChosen(row)) return { kind: 'there' }
    if ((names.get(folded(row.name)) ?? 0) > 1) return misfit('name', 'what two rows of one product are called')
    const [named, chosen] = [byName.get(folded(row.name)), chosenOf(row)]
    if (named && chosen && named !== chosen)
      return misfit('name', `what another variant is called in the store, one of ${listed(named.choices)}`)
    if (named) return { kind: 'there' }
    if (chosen) return misfit('name', `${JSON.stringify(chosen.name)} in the store, where it is to be changed`)
    const holder = holderOf(row.name)
    return holder === undefined ? choose(options, row.choices) : misfit('name', holder)
  }
  return withinLimits(held, options, wanted.map(judge), limits)
}

/** What a row chooses as one text, by which two rows of a parent are told apart: neither case nor order tells. */
export const choiceText = (choices: readonly WantedChoice[]): string =>
  choices
    .map(({ option, label }) => `${folded(option)}\t${folded(label)}`)
    .sort()
    .join('\n')

interface Option {
  readonly id: Value
  readonly name: string
  /** By label. */
  readonly values: Map<string, HeldChoice>
}

/** The options that the rows choose from, in their order, by name. Every row chooses one value of each. */
const optionsOf = ({ rows, values }: HeldFamily): ReadonlyMap<string, Option> => {
  const options = new Map<string, Option>()
  for (const choice of rows.flatMap(({ choices }) => choices)) {
    const name = folded(choice.optionName)
    const option = options.get(name) ?? { id: choice.option, name: choice.optionName, values: new Map() }
    option.values.set(folded(choice.label), choice)
    options.set(name, option)
  }
  for (const option of options.values()) {
    for (const value of values) {
      const label = folded(value.label)
      if (value.option === option.id && !option.values.has(label))
        option.values.set(label, { ...value, optionName: option.name })
    }
  }
  return options
}

/** The first option takes the place of the only variant, and another one leaves all variants without a value of it. */
const ONLY_THERE = 'An option cannot be added without taking the variants away; do it in the store'

const choose = (options: ReadonlyMap<string, Option>, choices: readonly WantedChoice[]): ChoiceVerdict => {
  if (!options.size) return misfit('choices', `a choice, and the product has no options in the store. ${ONLY_THERE}`)
  const wanted = new Map(choices.map((choice) => [folded(choice.option), choice]))
  if (wanted.size !== options.size || [...options.keys()].some((name) => !wanted.has(name))) {
    const names = [...options.values()].map(({ name }) => name).join(', ')
    return misfit('choices', `a choice by other options than the product has in the store: ${names}. ${ONLY_THERE}`)
  }
  const found: HeldChoice[] = []
  const values: LackingValue[] = []
  for (const [name, option] of options) {
    const { label } = wanted.get(name) as WantedChoice
    const value = option.values.get(folded(label))
    if (value) found.push(value)
    else values.push({ option: option.id, optionName: option.name, label, known: option.values.size })
  }
  return values.length ? { kind: 'lacking', values } : { kind: 'new', choices: found }
}

/** What goes beyond a limit is not made at all: which of the rows are meant to be left out, nobody can tell. */
const withinLimits = (
  { rows }: HeldFamily,
  options: ReadonlyMap<string, Option>,
  verdicts: readonly ChoiceVerdict[],
  limits: ChoiceLimits,
): readonly ChoiceVerdict[] => {
  const count = rows.length + verdicts.filter(({ kind }) => kind === 'new' || kind === 'lacking').length
  const reason = `one of ${count} that the product would have, and ${limits.rows} is the most`
  const within =
    count <= limits.rows ? verdicts : verdicts.map((one) => (isToMake(one) ? misfit('choices', reason) : one))
  const full = [...options.values()].filter(({ id, values }) => {
    const labels = within.flatMap((one) =>
      one.kind === 'lacking' ? one.values.filter(({ option }) => option === id) : [],
    )
    return values.size + new Set(labels.map(({ label }) => folded(label))).size > limits.values
  })
  if (!full.length) return within
  const ids = new Set(full.map(({ id }) => id))
  return within.map((one) =>
    one.kind === 'lacking' && one.values.some(({ option }) => ids.has(option))
      ? misfit(
          'choices',
          `more than the ${limits.values} values that ${full.map(({ name }) => name).join(', ')} can have`,
        )
      : one,
  )
}

const countOf = (texts: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return counts
}

const isToMake = ({ kind }: ChoiceVerdict): boolean => kind === 'new' || kind === 'lacking'

const misfit = (at: 'name' | 'choices', reason: string): ChoiceVerdict => ({ kind: 'misfit', at, reason })

const asWanted = ({ optionName, label }: HeldChoice): WantedChoice => ({ option: optionName, label })

const listed = (choices: readonly HeldChoice[]): string =>
  choices.map(({ optionName, label }) => `${optionName} ${label}`).join(', ')

const folded = (text: string): string => text.normalize('NFC').toLowerCase()
