import { afterEach, describe, expect, it } from 'vitest'
import { openJobBook } from '../../src/app/index.ts'
import { serve } from '../../src/daemon/index.ts'
import type { Exit } from '../../src/model/index.ts'
import { type JobShop, openJobShop } from '../support/job-shop.ts'

let shop: JobShop
afterEach(() => shop.close())

const DAY = 86_400_000
const HALF_AN_HOUR = 1_800_000
const hourly = { cron: '0 * * * *', steps: ['pull main'] }

/** Serves until so many runs of a job are in its history, or until something is told. */
const serveUntil = async (runs: number, job = 'hourly', tell?: (text: string) => void) => {
  const stop = new AbortController()
  const told: string[] = []
  const book = openJobBook(shop.workspace.settings, job)
  const exit: Exit = await serve({
    open: (progress) => shop.open({ progress, signal: stop.signal }),
    host: 'test',
    log: (level, text, facts) => {
      told.push(`${level} ${facts?.['job'] ?? ''} ${text}`)
      tell?.(text)
      const ended = book.runs().filter(({ finished }) => finished !== null).length
      if (ended >= runs && text.startsWith('ended')) stop.abort()
    },
  })
  return { exit, told, runs: book.runs() }
}

describe('the daemon', () => {
  it('runs a job at its instants', async () => {
    shop = openJobShop({ hourly })
    const { exit, runs } = await serveUntil(3)
    expect(exit).toBe(0)
    expect(runs.map(({ scheduled, state }) => [scheduled, state])).toEqual([
      ['2026-03-02T12:00:00Z', 'complete'],
      ['2026-03-02T11:00:00Z', 'complete'],
      ['2026-03-02T10:00:00Z', 'complete'],
    ])
  })

  it('P16: makes up for missed instants with one run at its next start', async () => {
    shop = openJobShop({ hourly })
    await serveUntil(1)
    shop.clock.advance(2 * DAY + HALF_AN_HOUR)
    const { told, runs } = await serveUntil(3)
    expect(told).toContain('warn hourly late: it was due at 2026-03-04T10:00:00Z')
    expect(runs.map(({ scheduled }) => scheduled)).toEqual([
      '2026-03-04T11:00:00Z',
      '2026-03-04T10:00:00Z',
      '2026-03-02T10:00:00Z',
    ])
  })

  it('does not make up for instants of another schedule', async () => {
    shop = openJobShop({ hourly })
    await serveUntil(1)
    shop.clock.advance(DAY)
    shop.configure((config) => {
      config.jobs.hourly.cron = '30 * * * *'
    })
    const { runs } = await serveUntil(2)
    expect(runs[0]?.scheduled).toBe('2026-03-03T10:30:00Z')
  })

  it('ends a run at its next safe point when it is stopped, and goes on with it at the next start', async () => {
    shop = openJobShop({ hourly })
    const stop = new AbortController()
    const exit = await serve({
      open: (progress) => shop.open({ progress, signal: stop.signal }),
      host: 'test',
      log: (_level, text) => {
        if (text.startsWith('hourly: pull')) stop.abort()
      },
    })
    expect(exit).toBe(8)
    expect(openJobBook(shop.workspace.settings, 'hourly').runs()).toMatchObject([{ state: 'interrupted', exit: 8 }])
    const { told, runs } = await serveUntil(2)
    expect(told).toContain('info hourly making up for a run that was cut short')
    expect(runs.map(({ scheduled, state }) => [scheduled, state])).toEqual([
      ['2026-03-02T10:00:00Z', 'complete'],
      ['2026-03-02T10:00:00Z', 'interrupted'],
    ])
  })

  it('P14: skips an instant while the run before it goes on, and says so', async () => {
    shop = openJobShop({ often: { cron: '* * * * *', steps: ['pull main'] } })
    let slept = false
    const { told, runs } = await serveUntil(2, 'often', (text) => {
      // The pull takes long: time passes while its first step is told.
      if (text === 'often: pull main' && !slept) {
        slept = true
        shop.clock.advance(150_000)
      }
    })
    expect(told.filter((line) => line.includes('skipped at'))).toHaveLength(1)
    expect(runs.map(({ state }) => state)).toEqual(['complete', 'complete'])
  })

  it('goes on with the other jobs when a job fails', async () => {
    shop = openJobShop({ hourly, broken: { cron: '0 * * * *', steps: ['sync prices'] } })
    const { exit, told } = await serveUntil(2, 'broken')
    expect(exit).toBe(0)
    expect(told.filter((line) => line.startsWith('error broken sync prices:'))).toHaveLength(2)
  })

  it('is alone on its configuration', async () => {
    shop = openJobShop({ hourly })
    let second: unknown
    await serveUntil(1, 'hourly', () => {
      second ??= serve({ open: () => shop.open(), host: 'other', log: () => undefined }).catch((error) => error)
    })
    expect(await second).toMatchObject({ code: 'locked', exit: 9 })
  })

  it('refuses a configuration in which nothing is scheduled', async () => {
    shop = openJobShop({ byHand: { steps: ['pull main'] } })
    await expect(serve({ open: () => shop.open(), host: 'test', log: () => undefined })).rejects.toMatchObject({
      code: 'usage',
    })
  })
})
