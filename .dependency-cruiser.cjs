// The architecture. Each room may import only from the rooms in its row; everything not named is forbidden.
const mayImport = {
  model: [],
  resources: ['model'],
  diff: ['model'],
  store: ['model'],
  mirror: ['model'],
  sources: ['model'],
  emulator: ['model'],
  engine: ['model', 'diff'],
  app: ['model', 'resources', 'diff', 'store', 'mirror', 'sources', 'emulator', 'engine'],
  daemon: ['model', 'engine', 'app'],
  web: ['model', 'engine', 'app', 'daemon'],
  cli: ['model', 'resources', 'engine', 'app', 'daemon', 'web'],
}
// The engine sees the adapters as types only; app hands it the values.
const mayImportTypes = { engine: ['store', 'mirror', 'sources'] }

const rooms = Object.keys(mayImport)
const room = (name) => `^src/${name}/`
const layers = rooms.flatMap((from) => {
  const typesOnly = mayImportTypes[from] ?? []
  const shut = rooms.filter((to) => to !== from && !mayImport[from].includes(to) && !typesOnly.includes(to))
  return [
    { name: `${from}-layer`, severity: 'error', from: { path: room(from) }, to: { path: shut.map(room) } },
    ...(typesOnly.length
      ? [
          {
            name: `${from}-types-only`,
            severity: 'error',
            from: { path: room(from) },
            to: { path: typesOnly.map(room), dependencyTypesNot: ['type-only'] },
          },
        ]
      : []),
  ]
})

module.exports = {
  mayImport,
  forbidden: [
    ...layers,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'enter-by-the-index',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '/index\\.ts$'] },
    },
    {
      name: 'pure-rooms',
      severity: 'error',
      from: { path: '^src/(model|diff|resources)/' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
}
