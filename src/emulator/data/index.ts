export { filledFrom } from './from-bodies.ts'
export { seedStore } from './seed-store.ts'
