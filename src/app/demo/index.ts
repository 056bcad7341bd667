export { DEMO_STORE, type DemoEnd, type DemoStep, runDemo } from './demo.ts'
export { DEMO_FILES } from './folder.ts'
