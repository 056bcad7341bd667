import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { verbs } from '../../src/cli/verbs.ts'
import { createEmulator, type Emulator, serve } from '../../src/emulator/index.ts'
import { catalog } from '../../src/resources/index.ts'
import { fakeIo } from '../support/cli.ts'
import { elsewhere } from '../support/shop-tools.ts'
import { virtualClock } from '../support/virtual-clock.ts'

let dir: string
let old: Emulator
let fresh: Emulator
let servers: Awaited<ReturnType<typeof serve>>[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-move-'))
  const clock = virtualClock()
  old = createEmulator({ catalog, clock, products: 3, orders: 0, plan: 'unlimited' })
  fresh = createEmulator({ catalog, clock, seed: 9, products: 0, plan: 'unlimited' })
  servers = await Promise.all([serve(old), serve(fresh)])
  write('sync.config.json', JSON.stringify(configOf()))
  mkdirSync(join(dir, 'my files'))
  const [brand] = old.state.brands.list()
  write('my files/names.json', JSON.stringify({ brands: { [brand?.name ?? '']: 'Renamed' } }))
  write('rules.json', JSON.stringify({ brands: { page_title: { from: 'name' } } }))
})
afterEach(async () => {
  for (const server of servers) await server.close()
  rmSync(dir, { recursive: true })
})

const write = (name: string, text: string): void => writeFileSync(join(dir, name), text)

const configOf = (more: object = {}) => {
  const store = (emulator: Emulator, at: number) => ({
    hash: emulator.storeHash,
    accessToken: 'env:T',
    api: servers[at]?.url,
    settleMs: 0,
    resources: ['products', 'variants', 'categories', 'brands'],
  })
  return { stores: { old: store(old, 0), new: { ...store(fresh, 1), ...more } } }
}

const type = async (words: readonly string[], facts: Parameters<typeof fakeIo>[0] = {}) => {
  const io = fakeIo({ cwd: dir, env: { T: old.accessToken }, columns: 200, ...facts })
  const exit = await run(words, io, verbs)
  return { exit, out: io.out(), err: io.err() }
}
const skiff = (line: string) => type(line.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [])

/** What narrows and shapes the work of these tests, as a shell wants it written. */
const SHAPE = "--only brands --map 'my files/names.json' --transform rules.json --existing adopt"

/** What follows a hint's word up to the end of its line. */
const hinted = (text: string, word = 'Next: '): string | undefined => text.split(word)[1]?.split('\n')[0]

describe('what a migration says to type next', () => {
  it('repeats what narrows and shapes the work, so that the plan that was seen is the one that is carried out', async () => {
    const planned = await skiff(`migrate old new --plan ${SHAPE} --since 2020-01-01 --conflicts source`)
    const next = `skiff migrate old new --only brands --since 2020-01-01 --map 'my files/names.json' --transform rules.json --existing adopt --conflicts source --yes`
    expect(hinted(planned.out), planned.err).toBe(next)
    const copied = await skiff(next.replace('skiff ', ''))
    expect(copied.exit, copied.err).toBe(0)
    expect([fresh.state.products.size, fresh.state.brands.size]).toEqual([0, old.state.brands.size])
    expect(hinted(copied.out)).toBe(next.replace('--yes', '--verify'))
    const verified = await skiff(next.replace('skiff ', '').replace('--yes', '--verify'))
    expect(verified.exit, verified.out + verified.err).toBe(0)
  })

  it('repeats it where nobody approved, after a freeze, and after a copy that stopped', async () => {
    const nobody = await skiff(`migrate old new ${SHAPE}`)
    expect(hinted(nobody.out)).toBe(`skiff migrate old new ${SHAPE} --yes`)
    const refused = await type(['migrate', 'old', 'new', '--only', 'brands', '--existing', 'adopt'], {
      ask: async () => false,
    })
    expect(refused.exit).toBe(3)
    expect(hinted(refused.err, 'when it is right: ')).toBe('skiff migrate old new --only brands --existing adopt')
    await skiff(`migrate old new ${SHAPE} --yes`)
    await elsewhere({ emulator: old }, 'POST', '/v3/catalog/brands', { name: 'A late one' })
    const frozen = await skiff(`migrate old new ${SHAPE} --freeze`)
    expect(hinted(frozen.out)).toBe(`skiff migrate old new ${SHAPE} carries over what came and what changed`)
    fresh.faults.set([{ kind: 'status', path: '/v3/catalog/brands', method: 'POST', status: 403 }])
    const stopped = await skiff(`migrate old new ${SHAPE} --yes`)
    expect(stopped.exit, stopped.out).not.toBe(0)
    expect(hinted(stopped.out)).toBe(`skiff migrate old new ${SHAPE} (it goes on from here)`)
  })

  it('names the configuration where it is another than the usual one, for every verb', async () => {
    write('my files/two stores.json', JSON.stringify(configOf()))
    const config = "--config 'my files/two stores.json'"
    const planned = await skiff(`migrate old new --plan --only brands ${config}`)
    expect(hinted(planned.out)).toBe(`skiff migrate old new --only brands ${config} --yes`)
    await skiff(`migrate old new --only brands ${config} --yes`)
    const listed = await skiff(`migrate old new --undo ${config}`)
    expect(hinted(listed.out)).toBe(`skiff migrate old new --undo --confirm new ${config}`)
    const [before] = old.state.brands.list()
    const put = (emulator: Emulator, name: string, title: string) => {
      const id = emulator.state.brands.list().find((one) => one.name === name)?.id
      return elsewhere({ emulator }, 'PUT', `/v3/catalog/brands/${id}`, { page_title: title })
    }
    await put(old, before?.name ?? '', 'here')
    await put(fresh, before?.name ?? '', 'there')
    const apart = await skiff(`migrate old new --only brands ${config} --yes`)
    expect(hinted(apart.out)).toBe(`skiff conflicts ${config}`)
  })

  it('of a live shop that nothing was copied into yet is the same command, without the approval that is not enough', async () => {
    write('sync.config.json', JSON.stringify(configOf({ production: true })))
    const refused = await skiff('migrate old new --only brands --yes')
    expect(refused.exit).toBe(3)
    expect(refused.err).toContain('the same command without --yes')
  })
})

describe('the document of a migration', () => {
  it('is one with --json, also at a terminal, and nothing is asked that nobody could have read about', async () => {
    const ask = async (): Promise<boolean> => true
    const planned = await type(['migrate', 'old', 'new', '--only', 'brands', '--json'], { ask })
    expect(planned.exit, planned.err).toBe(3)
    expect(JSON.parse(planned.out)).toMatchObject({ state: 'waiting', requests: { write: 0 } })
    await skiff('migrate old new --only brands --yes')
    const listed = await type(['migrate', 'old', 'new', '--undo', '--json'], { ask })
    expect(listed.exit, listed.err).toBe(3)
    expect(JSON.parse(listed.out)).toMatchObject({ dry: true, state: 'waiting', exit: 3 })
  })
})

describe('the comparison as a file', () => {
  it.each([
    ['of no format', 'report.txt', 'tells no format'],
    ['in a folder that is not there', 'no/such/report.html', 'there is no folder'],
    ['that is a folder', '.skiff.html', 'is a folder'],
  ])('%s is refused before either store is asked', async (_what, name, message) => {
    mkdirSync(join(dir, '.skiff.html'))
    const refused = await skiff(`migrate old new --verify --out ${name}`)
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining(message) })
    expect([old.requests.length, fresh.requests.length]).toEqual([0, 0])
  })
})

describe('the pictures of a comparison', () => {
  it('are those of an earlier one with its seed, and others on another day without', async () => {
    const seedOf = async (line: string): Promise<unknown> => {
      const verified = await skiff(`migrate old new --only brands --verify --json ${line}`)
      return verified.err.includes('error') ? verified.err : JSON.parse(verified.out).seed
    }
    await skiff('migrate old new --only brands --yes')
    expect(await seedOf('--seed 7')).toBe(7)
    const day = (): number => Math.floor(Date.now() / (24 * 3_600_000))
    const before = day()
    expect([before, day()]).toContain(await seedOf(''))
  })

  it.each(['migrate old new --verify', 'verify --sample 5%'])('of %s take a number for a seed', async (line) => {
    expect(await skiff(`${line} --seed seven`)).toMatchObject({
      exit: 2,
      err: expect.stringContaining('--seed takes a number'),
    })
  })
})

describe('the plan of a migration', () => {
  it('tells requests and time for the quotas of both stores', async () => {
    const { out } = await skiff('migrate old new --plan')
    expect(out).toMatch(/Writing takes \d+ requests, and about .* at the quota of new/)
    expect(out).toMatch(/Reading old took \d+ requests, about [\d.]+ s at its quota\./)
  })
})

describe('the files of a migration', () => {
  const refusedRules = async (rules: unknown): Promise<string> => {
    write('rules.json', typeof rules === 'string' ? rules : JSON.stringify(rules))
    const refused = await skiff('migrate old new --plan --transform rules.json')
    expect([refused.exit, old.requests.length]).toEqual([2, 0])
    return refused.err
  }

  it.each([
    [{ brands: { page_title: { from: 'nmae' } } }, 'brands.page_title', /reads "nmae".*did you mean "name"\?/s],
    [{ brands: { page_title: { expr: 'upper(Color)' } } }, 'brands.page_title', /reads "Color".*fields are .*name/s],
    [{ brands: { page_titel: 'name' } }, 'brands.page_titel', /no field.*did you mean "page_title"\?/s],
    [{ brands: { id: 'name' } }, 'brands.id', /no field "id" that a rule can set.*fields are .*page_title/s],
    [{ brands: { page_title: { expr: 'upper(' } } }, 'brands.page_title', /cannot be computed/],
    [{ brands: { page_title: 7 } }, 'brands.page_title', /rule/],
    [{ brands: 'name' }, 'brands', /must be an object with a rule for each field/],
    ['[', 'rules.json', /cannot be read/],
  ])('refuse a rule that cannot be, by its name and before any request: %j', async (rules, where, message) => {
    const error = await refusedRules(rules)
    expect(error).toContain(where)
    expect(error).toContain(join(dir, 'rules.json'))
    expect(error).toMatch(message)
    expect(error).not.toMatch(/invalid_type|"code"|undefined/)
  })

  it.each([
    [{ brands: { 'Atelier Noor': 5 } }, /brands\["Atelier Noor"\] must be a text, the name in the new store/],
    [{ brands: ['Atelier Noor'] }, /brands must be an object with a new name for each old one/],
    [['brands'], /the file must be an object with resources/],
    [{ brnads: {} }, /no resource is called "brnads"/],
  ])('refuse what is no name, by its key and before any request: %j', async (names, message) => {
    write('names.json', JSON.stringify(names))
    const refused = await skiff('migrate old new --plan --map names.json')
    expect([refused.exit, old.requests.length]).toEqual([2, 0])
    expect(refused.err).toMatch(message)
    expect(refused.err).toContain(join(dir, 'names.json'))
    expect(refused.err).not.toContain('invalid_type')
  })
})

describe('the options of a migration', () => {
  it('take a comma too many in a list for nothing, and a list of nothing for a mistake', async () => {
    const planned = await skiff('migrate old new --plan --only brands,')
    expect(planned).toMatchObject({
      exit: 3,
      out: expect.stringContaining('skiff migrate old new --only brands --yes'),
    })
    for (const line of ['migrate old new --only ,', 'pull old --only ,'])
      expect(await skiff(line)).toMatchObject({ exit: 2, err: expect.stringContaining('--only names nothing') })
  })

  it.each([
    ['--out report.html', '--verify'],
    ['--plan --out report.html', '--verify'],
    ['--freeze --seed 3', '--verify'],
    ['--undo --out report.html --confirm new', '--verify'],
    ['--yes --confirm new', '--undo'],
    ['--verify --confirm new', '--undo'],
  ])('that belong to one way of using it are refused without it: %s', async (line, verb) => {
    const refused = await skiff(`migrate old new ${line}`)
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining(`belongs to ${verb}`) })
    expect(old.requests.length + fresh.requests.length).toBe(0)
  })

  it.each([
    '--only brands',
    '--since 2026-01-01',
    '--map names.json',
    '--transform rules.json',
    '--existing adopt',
    '--conflicts store',
  ])('that an undo does not heed are refused with it: %s', async (option) => {
    const refused = await skiff(`migrate old new --undo ${option} --confirm new`)
    expect(refused).toMatchObject({
      exit: 2,
      err: expect.stringContaining('an undo takes back all that the migration made'),
    })
    expect(old.requests.length + fresh.requests.length).toBe(0)
  })
})

describe('a migration that a guard stops', () => {
  const copy = 'migrate old new --only products,variants --existing adopt --yes'
  const reprice = async (factor: number) => {
    for (const { id, price } of old.state.products.list()) old.state.products.update(id, { price: price * factor })
    for (const { id, price } of old.state.variants.list())
      if (price !== null) old.state.variants.update(id, { price: price * factor })
    await skiff('pull --store old --full')
  }

  it('says how it goes on where it is meant, and does with that', async () => {
    for (let at = 0; at < 20; at += 1)
      await elsewhere({ emulator: old } as never, 'POST', '/v3/catalog/products', {
        ...{ name: `Cup ${at}`, sku: `CUP-${at}`, type: 'physical', weight: 1, price: 10 },
      })
    expect((await skiff(copy)).exit).toBe(0)
    await reprice(10)
    const stopped = await skiff(copy)
    expect(stopped.exit).toBe(4)
    expect(stopped.out).toMatch(/priceScale[\s\S]*add `--allow priceScale` to it/)
    const passed = await skiff(`${copy} --allow priceScale`)
    expect(passed.exit, passed.out + passed.err).toBe(0)
    expect(fresh.state.products.list().find(({ sku }) => sku === 'CUP-3')?.price).toBe(100)
  })

  it('takes no guard where nothing is copied, and none that there is not', async () => {
    expect((await skiff('migrate old new --plan --allow priceScale')).err).toContain('--allow belongs to a copy')
    const unknown = await skiff('migrate old new --yes --allow priceScales')
    expect([unknown.exit, unknown.err]).toEqual([2, expect.stringContaining('priceScales')])
  })
})

describe('a file that the last copy went by', () => {
  const titles = () =>
    fresh.state.brands
      .list()
      .map(({ page_title }) => page_title)
      .filter(Boolean)

  it('is not left out by mistake: nothing is written before somebody says so', async () => {
    expect((await skiff('migrate old new --only brands --transform rules.json --yes')).exit).toBe(0)
    const made = titles()
    expect(made).toHaveLength(old.state.brands.size)
    const [brand] = old.state.brands.list()
    old.state.brands.update(brand?.id ?? 0, { meta_description: 'New' })
    const before = fresh.log.length
    for (const verb of ['--yes', '--plan', '--verify', '--freeze']) {
      const { exit, err } = await skiff(`migrate old new --only brands ${verb}`)
      expect([exit, err], verb).toEqual([2, expect.stringContaining('went by --transform rules.json')])
      expect(err).toContain('add --transform rules.json, or --transform none to put back what it changed')
    }
    expect(fresh.log.length).toBe(before)
    expect((await skiff('migrate old new --only brands --transform rules.json --yes')).exit).toBe(0)
    expect(titles()).toEqual(made)
  })

  it('is done without once somebody has said so', async () => {
    await skiff('migrate old new --only brands --transform rules.json --yes')
    const { exit, out } = await skiff('migrate old new --only brands --transform none --yes')
    expect([exit, hinted(out)]).toEqual([0, 'skiff migrate old new --only brands --transform none --verify'])
    expect(titles()).toEqual(old.state.brands.list().flatMap(({ page_title }) => page_title || []))
    expect((await skiff('migrate old new --only brands --yes')).exit).toBe(0)
  })
})
