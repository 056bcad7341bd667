import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { INPUTS } from './all.ts'
import { cutEverywhere } from './cuts.ts'
import { faultOf } from './judge.ts'
import { openInputShop } from './shop.ts'

// npm run inputs [-- --write DIR]
const { values } = parseArgs({ options: { write: { type: 'string' } } })

/** For other programs to be tried with: the files, and what Skiff says to each. */
const writeFiles = (folder: string): void => {
  mkdirSync(folder, { recursive: true })
  const verdicts = INPUTS.map(({ title, file, says, writes, options = {}, format = null }, index) => {
    const name = `${String(index + 1).padStart(3, '0')}.csv`
    writeFileSync(join(folder, name), file)
    return { name, title, options, format, says, writes }
  })
  writeFileSync(join(folder, 'verdicts.json'), `${JSON.stringify(verdicts, null, 2)}\n`)
}

if (values.write !== undefined) writeFiles(values.write)
const started = performance.now()
const take = await openInputShop()
const faults: string[] = []
for (const input of INPUTS) {
  const fault = faultOf(input, await take(input))
  if (fault) faults.push(fault)
}
const cuts = await cutEverywhere(take)
faults.push(...cuts.faults)
for (const fault of faults) console.log(fault)
const refused = INPUTS.filter(({ says }) => says.startsWith('refused')).length
const blocked = INPUTS.filter(({ says }) => says.startsWith('blocked')).length
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(
  `inputs: ${INPUTS.length} files (${refused} refused, ${blocked} blocked) and ${cuts.tried} cuts (${cuts.taken} of them taken), ${faults.length} faults, ${seconds} s`,
)
process.exitCode = faults.length ? 1 : 0
