export { seedStore } from './seed-store.ts'
