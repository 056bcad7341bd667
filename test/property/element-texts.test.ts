import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementTexts } from '../../src/store/element-texts.ts'

const aText = fc.oneof(fc.string(), fc.stringMatching(/^[\\"{}[\]a,:]{0,8}$/))
const anElement = fc.dictionary(aText, fc.oneof(aText, fc.jsonValue()))
const spaces = fc.constantFrom('', ' ', '\n  ')

describe('the elements of a list, as they were written', () => {
  it('are what parsing the whole list gives, whatever texts are in it', () => {
    fc.assert(
      fc.property(
        fc.array(anElement),
        fc.constantFrom(undefined, 1, 2),
        fc.boolean(),
        spaces,
        (list, indent, isBare, space) => {
          const written = JSON.stringify(list, null, indent)
          const json = isBare
            ? space + written
            : `${space}{${space}"data"${space}:${space}${written},"meta":{"data":[{}]}}`
          expect(elementTexts(json)?.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(list)))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it.each(['{"meta":{},"data":[{}]}', '{}', 'null', '"data"', '{"data":null}'])('are unknown of %s', (json) => {
    expect(elementTexts(json)).toBeNull()
  })
})
