import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SKIFF } from '../support/black-box.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'skiff-demo-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const skiff = (cwd: string, ...args: string[]) =>
  spawnSync(process.execPath, [SKIFF, ...args], { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })

describe('the demo', () => {
  it('does the main job without any configuration, and leaves files that work', () => {
    const { status, stdout } = skiff(dir, 'demo')
    expect(status).toBe(0)
    for (const word of ['Plan p1', 'zeroPrice', 'not a number', 'Sales per day', 'Store and feed agree']) {
      expect(stdout).toContain(word)
    }
    const folder = join(dir, 'skiff-demo')
    expect(readdirSync(folder).sort()).toEqual(
      expect.arrayContaining(['.skiff', 'feeds', 'plan.html', 'sync.config.json']),
    )
    expect(readFileSync(join(folder, 'plan.html'), 'utf8')).toContain('<html')
    expect(skiff(folder, 'show', 'p1').status).toBe(0)
    const [counted] = JSON.parse(skiff(folder, 'query', 'SELECT count(*) AS n FROM skus', '--json').stdout)
    expect(counted.n).toBeGreaterThan(2000)
    expect(skiff(folder, 'report', 'sales-per-day').status).toBe(0)
  })

  it('renews its own folder, and refuses one that is not its own', () => {
    const json = skiff(dir, 'demo', '--json')
    expect(json.status).toBe(0)
    expect(JSON.parse(json.stdout)).toMatchObject({ settled: true, pushed: { failed: 0, skipped: 0 } })
    writeFileSync(join(dir, 'mine.txt'), 'mine')
    const refused = skiff(dir, 'demo', '--dir', '.')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toContain('not empty')
    expect(readFileSync(join(dir, 'mine.txt'), 'utf8')).toBe('mine')
  })
})
