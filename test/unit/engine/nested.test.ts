import { describe, expect, it } from 'vitest'
import { innerBodies, missingInner } from '../../../src/engine/nested.ts'
import { partsInside } from '../../../src/engine/parts.ts'
import type { Mirror } from '../../../src/mirror/index.ts'
import type { Resource, Values } from '../../../src/model/index.ts'
import { catalog } from '../../../src/resources/index.ts'

const products = catalog.resources.get('products') as Resource
const images = [
  { image_url: 'https://example.com/a.jpg', is_thumbnail: true },
  { image_url: 'https://example.com/b.jpg' },
]
const videos = [{ video_id: 'dQw4w9WgXcQ', title: 'How it is made' }]
const holding = (rows: Readonly<Record<string, readonly Values[]>>): Mirror =>
  ({ rowsWhere: ({ name }: Resource) => rows[name] ?? [] }) as unknown as Mirror

describe('rows inside a new product', () => {
  it('are its pictures and videos too, under the names that its body has for them', () => {
    expect(innerBodies(catalog, products, { product_images: images, product_videos: videos })).toEqual({
      images,
      videos,
    })
  })

  it('come from the parts of its source row, but for those that are sent after it', () => {
    const parts = {
      product_videos: [{ key: { video_id: 'v' }, values: { title: 'T' }, column: 'V' }],
      product_images: [{ key: { image_url: 'https://example.com/a.jpg' }, values: {}, column: 'P' }],
    }
    expect(partsInside(catalog, products, { line: 2, key: {}, values: {}, parts })).toEqual({
      product_videos: [{ video_id: 'v', title: 'T' }],
    })
    expect(
      partsInside(catalog, products, { line: 2, key: {}, values: {}, nested: { product_images: images } }),
    ).toEqual({
      product_images: images,
    })
  })

  it.each([
    [
      'nothing where every video is there',
      { product_videos: videos },
      { product_videos: [{ id: 1, video_id: 'dQw4w9WgXcQ' }] },
      undefined,
    ],
    ['a video that is not there', { product_videos: videos }, {}, 'product_videos video_id "dQw4w9WgXcQ"'],
    [
      'nothing where there are as many pictures',
      { product_images: images },
      { product_images: [{ id: 1 }, { id: 2 }] },
      undefined,
    ],
    [
      'a picture that was dropped',
      { product_images: images },
      { product_images: [{ id: 1 }] },
      '1 product_images, and not 2',
    ],
  ])('lack %s', (_name, nested, held, missing) => {
    expect(missingInner(catalog, holding(held), products, { nested }, { id: 77 })).toBe(missing)
  })
})
