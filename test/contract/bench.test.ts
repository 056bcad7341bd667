import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import type { Result } from '../../bench/result.ts'

const folder = mkdtempSync(join(tmpdir(), 'skiff-bench-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bench = (...more: string[]) =>
  promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', 'bench/main.ts', ...more])

describe('the bench', () => {
  it('measures both sides of a start and writes the ratio with its goal', { timeout: 180_000 }, async () => {
    const json = join(folder, 'results.json')
    const { stdout } = await bench('--scale', '0.002', '--rounds', '1', '--json', json, 'start-up')

    expect(stdout).toContain(`figures: ${json}`)
    const { results, node } = JSON.parse(readFileSync(json, 'utf8')) as { results: Result[]; node: string }
    expect(node).toBe(process.version)
    expect(new Set(results.map(({ measurement }) => measurement))).toEqual(new Set(['start-up']))
    for (const { what, ratio, goal, met, figures } of results) {
      expect(stdout).toContain(what)
      expect(Number.isFinite(ratio), what).toBe(true)
      expect(met === null).toBe(goal === null)
      expect(Object.values(figures).every(Number.isFinite), what).toBe(true)
    }
  })

  it('spends no request beyond what arithmetic asks for', { timeout: 180_000 }, async () => {
    const json = join(folder, 'requests.json')
    await bench('--scale', '0.001', 'requests', '--json', json)

    const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: Result[] }
    const beyond = results.filter(({ what, ratio }) => what.endsWith('minimum') && ratio !== 1)
    expect(beyond).toEqual([])
  })

  it('paces without a refusal where it is alone or among its own', { timeout: 180_000 }, async () => {
    const json = join(folder, 'pacing.json')
    await bench('pacing', '--scale', '0.03', '--json', json)

    const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: Result[] }
    const refused = results.filter(({ what, goal }) => what.endsWith('of ours in 100 windows') && goal?.value === 0)
    expect(refused).toHaveLength(3)
    expect(refused.filter(({ met }) => !met)).toEqual([])
  })

  it('names the measurements there are when it is asked for another', async () => {
    await expect(bench('speed')).rejects.toThrow('none of pull, growth, plan, requests')
  })
})
