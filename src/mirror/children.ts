import { type Body, type Embedded, type Enclosing, lookUp } from '../model/index.ts'

export interface Inner {
  readonly body: Body
  readonly enclosing: Enclosing
}

/**
 * Compiles what finds the rows that ride inside a parent's body. The answer is undefined when any list on the way is not
 * there: the body then says nothing about those rows, least of all that they are gone.
 */
export const compileInner = ({ at }: Embedded): ((parent: Body) => readonly Inner[] | undefined) => {
  const [first = '', ...further] = at.split(/\[\]\.?/).filter(Boolean)
  return (parent) => {
    const outer = listAt(parent, first)
    let found = outer?.map((body) => ({ body, enclosing: [parent] as Enclosing }))
    for (const path of further) found = found && deeper(found, path)
    return found
  }
}

const deeper = (rows: readonly Inner[], path: string): Inner[] | undefined => {
  const found: Inner[] = []
  for (const { body, enclosing } of rows) {
    const list = listAt(body, path)
    if (!list) return undefined
    for (const inner of list) found.push({ body: inner, enclosing: [body, ...enclosing] })
  }
  return found
}

const listAt = (body: Body, path: string): readonly Body[] | undefined => {
  const value = lookUp(body, path)
  return Array.isArray(value) ? value : undefined
}
