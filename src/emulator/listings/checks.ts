/** What a text field takes, and whether a create may leave it out. */
export interface TextRule {
  readonly min?: number
  readonly max: number
  readonly required?: true
}

/** Complaints about a body by field name; a field that is absent is fine unless the rule and `creating` say otherwise. */
export const textComplaints = (
  body: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, TextRule>>,
  creating: boolean,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(rules).flatMap(([name, rule]) => {
      const complaint = complain(body[name], rule, creating)
      return complaint ? [[name, `${name} ${complaint}`]] : []
    }),
  )

const complain = (value: unknown, { min = 0, max, required }: TextRule, creating: boolean): string | undefined => {
  if (value === undefined) return creating && required ? 'is required' : undefined
  if (typeof value !== 'string') return 'must be a string'
  return value.length < min || value.length > max ? `must be between ${min} and ${max} characters` : undefined
}

/** The body as an object; anything else is one without fields. */
export const bodyOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Readonly<Record<string, unknown>>) : {}

/** The fields of `body` that are among `names`. */
export const only = (
  body: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)))
