import { describe, expect, it } from 'vitest'
import { AT, look, mirrorAt, page, product, pulled, resource } from './fixture.ts'

const images = resource('product_images')
const LATER = { at: '2026-03-02T12:00:00Z', run: 'r2' }
const picture = (id: number, file = `f/${id}__10001.jpg`) => ({
  id,
  product_id: 1,
  is_thumbnail: true,
  sort_order: 0,
  description: '',
  image_file: file,
})
const shop = (...pictures: object[]) => [product(1, { images: pictures })]
const children = [images]
const sent = (key: string, address: string, file = `f/${key}__10001.jpg`) => ({ key, address, file, at: AT })
const ADDRESSES = 'SELECT id, image_url FROM product_images ORDER BY id'

describe('what a picture was made from', () => {
  it('shows in its row at once, and in every later reading of it', () => {
    const mirror = mirrorAt()
    pulled(mirror, shop(picture(1), picture(2)), { children })
    mirror.saveSent(images, 1, [sent('1', 'https://x/a.jpg')])
    const shown = [
      { id: 1, image_url: 'https://x/a.jpg' },
      { id: 2, image_url: null },
    ]
    expect(look(mirror, ADDRESSES)).toEqual(shown)
    pulled(mirror, shop({ ...picture(1), sort_order: 7 }, picture(2)), { children, ...LATER })
    expect(look(mirror, ADDRESSES)).toEqual(shown)
    mirror.saveRows(page([{ ...picture(1), sort_order: 8 }], { resource: images, ...LATER }))
    expect(look(mirror, ADDRESSES)).toEqual(shown)
  })

  it('is not told of a file that somebody else put in its place', () => {
    const mirror = mirrorAt()
    pulled(mirror, shop(picture(1)), { children })
    mirror.saveSent(images, 1, [sent('1', 'https://x/a.jpg')])
    pulled(mirror, shop(picture(1, 'f/other__10002.jpg')), { children, ...LATER })
    expect(look(mirror, ADDRESSES)).toEqual([{ id: 1, image_url: null }])
    expect(mirror.sent(images, 1)).toEqual([sent('1', 'https://x/a.jpg')])
  })

  it('is remembered where the row is gone, until the same address is sent again', () => {
    const mirror = mirrorAt()
    pulled(mirror, shop(picture(1)), { children })
    mirror.saveSent(images, 1, [sent('1', 'https://x/a.jpg')])
    pulled(mirror, shop(), { children, ...LATER })
    expect(mirror.sent(images, 1)).toHaveLength(1)
    mirror.saveSent(images, 1, [sent('5', 'https://x/a.jpg')])
    expect(mirror.sent(images, 1)).toEqual([sent('5', 'https://x/a.jpg')])
  })

  it('is no part of the bodies that the store itself would tell', () => {
    const mirror = mirrorAt()
    pulled(mirror, shop(picture(1)), { children })
    mirror.saveSent(images, 1, [sent('1', 'https://x/a.jpg')])
    expect([...mirror.bodies(images)][0]).not.toHaveProperty('image_url')
  })
})
