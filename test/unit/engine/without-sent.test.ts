import { describe, expect, it } from 'vitest'
import type { Write } from '../../../src/diff/index.ts'
import { withoutSent } from '../../../src/engine/without-sent.ts'
import { catalog } from '../../../src/resources/index.ts'

const [front, back] = ['front', 'back'].map((name) => ({ image_url: `https://example.com/${name}.jpg` }))
const videos = [{ video_id: 'dQw4w9WgXcQ' }]

const making = (nested: Write['nested'], verb: Write['verb'] = 'create'): Write => ({
  resource: 'products',
  id: {},
  set: { name: 'Mug' },
  ...(nested ? { nested } : {}),
  unit: 'new 1',
  changes: [1],
  parts: [],
  verb,
})

const left = (write: Write, refusal: string) => withoutSent(catalog, write, refusal)?.nested

describe('a new product that was refused', () => {
  const both = { product_images: [front, back], product_videos: videos } as Write['nested']

  it('goes without the picture that its refusal names', () => {
    expect(left(making(both), 'could not be downloaded: https://example.com/front.jpg')).toEqual({
      product_images: [back],
      product_videos: videos,
    })
  })

  it('goes without any where none is named', () => {
    expect(left(making(both), "The field 'image_url' is invalid.")).toEqual({ product_videos: videos })
  })

  it('is refused for something else where it brings none, or is there already', () => {
    expect(withoutSent(catalog, making({ product_videos: videos }), 'no')).toBeUndefined()
    expect(withoutSent(catalog, making(undefined), 'no')).toBeUndefined()
    expect(withoutSent(catalog, making(both, 'update'), 'no')).toBeUndefined()
  })
})
