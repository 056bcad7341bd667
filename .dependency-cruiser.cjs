// The table is in tools/rooms.cjs; here it becomes rules.
const { mayImport, mayImportTypes } = require('./tools/rooms.cjs')

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
  forbidden: [
    ...layers,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
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
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
}
