import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { GUARD_NAMES } from '../../../src/model/index.ts'

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]
const read = (path: string): string => readFileSync(path, 'utf8')
/** As GitHub makes them. */
const anchorsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  )

describe('pages', () => {
  it.each(pages)('%s links to what there is', (page) => {
    const prose = read(page).replace(/^```[\s\S]*?^```/gm, '')
    const links = [...prose.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    const broken = links.filter(([, path, anchor]) => {
      const file = path ? join(dirname(page), path) : page
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it.each(['docs/architecture.md', ...pages.filter((page) => page.startsWith('docs/adr/'))])(
    '%s names files that there are',
    (page) => {
      const rooms = readdirSync('src').join('|')
      const named = [
        ...read(page).matchAll(new RegExp(`\`((?:(?:src/)?(?:${rooms})|test|tools|migrations)/[\\w./-]+)\``, 'g')),
      ]
      const files = named.map(([, path = '']) => path)
      expect(
        files.filter((path) => !(existsSync(path) || existsSync(join('src', path)) || /VERB|NAME/.test(path))),
      ).toEqual([])
    },
  )

  it('describe every guard', () => {
    const described = [...read('docs/guide/guards.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
    expect(described.sort()).toEqual([...GUARD_NAMES].sort())
  })

  it('give a reason for every runtime dependency', () => {
    const { dependencies, peerDependencies } = JSON.parse(read('package.json')) as Record<string, object>
    const wanted = Object.keys({ ...dependencies, ...peerDependencies })
    const described = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name)
    expect(described.sort()).toEqual(wanted.sort())
  })
})
