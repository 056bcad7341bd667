import { dirname } from 'node:path'
import { resourcesOf, targetOf } from '../diff/index.ts'
import type { Catalog, Resource } from '../model/index.ts'
import { type InitAnswers, JOB_NAME } from './init-config.ts'

/** A scope that the API account needs, and what for. */
export interface NeededScope {
  /** OAuth name, with `_read_only` where nothing is written. */
  readonly scope: string
  readonly modify: boolean
  readonly resources: readonly string[]
}

/** The least scopes for the answers (docs/bigcommerce.md, Scopes). */
export const neededScopes = (
  catalog: Catalog,
  { resources, feed }: Pick<InitAnswers, 'resources' | 'feed'>,
): readonly NeededScope[] => {
  const written = feed ? writtenResources(catalog, feed) : []
  const single = [...catalog.resources.values()].filter(({ api }) => api.list?.paging === 'single')
  const read = resources.flatMap((name) => catalog.resources.get(name) ?? [])
  const byScope = new Map<string, { modify: boolean; resources: Set<string> }>()
  for (const { name, scope } of [...single, ...read, ...written]) {
    const known = byScope.get(scope) ?? { modify: false, resources: new Set<string>() }
    known.resources.add(name)
    known.modify ||= written.some((one) => one.scope === scope)
    byScope.set(scope, known)
  }
  return [...byScope].map(([scope, { modify, resources: names }]) => ({
    scope: modify ? scope : `${scope}_read_only`,
    modify,
    resources: [...names],
  }))
}

const writtenResources = (
  catalog: Catalog,
  { price, stock }: NonNullable<InitAnswers['feed']>,
): readonly Resource[] => {
  const target = targetOf(catalog, 'skus')
  const stockField = target.kind === 'family' ? target.derived.fields['inventory_level'] : undefined
  const stockResource = stockField?.of === 'stock' ? catalog.resources.get(stockField.writes.resource) : undefined
  return [...(price === null ? [] : resourcesOf(target)), ...(stock === null || !stockResource ? [] : [stockResource])]
}

/** A line for crontab, where no `skiff serve` is to run all the time. It goes by the machine's time zone. */
export const cronLine = (config: string, cron: string): string =>
  `${cron} cd '${dirname(config)}' && skiff run ${JOB_NAME} --quiet >> skiff.log 2>&1`

/** A unit for systemd that keeps `skiff serve` running. */
export const systemdUnit = (config: string): string =>
  [
    '[Unit]',
    'Description=Skiff catalog sync',
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    `WorkingDirectory=${dirname(config)}`,
    'ExecStart=/usr/bin/env skiff serve',
    'Restart=on-failure',
    '# 8 is a stop that cut a run short; the next start goes on with it.',
    'SuccessExitStatus=8',
    'TimeoutStopSec=120',
    '',
    '[Install]',
    'WantedBy=default.target',
  ].join('\n')
