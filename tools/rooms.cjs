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
  cli: ['model', 'resources', 'engine', 'app', 'daemon'],
}
// The engine sees the adapters as types only; app hands it the values.
const mayImportTypes = { engine: ['store', 'mirror', 'sources'] }

module.exports = { mayImport, mayImportTypes }
