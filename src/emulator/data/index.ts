export { type SeedOptions, seedStore } from './seed-store.ts'
