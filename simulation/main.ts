/**
 * A worker of the simulation: runs every `--stride`-th seed from `--from` on and writes what became of each as one JSON
 * line. `nightdesk simulate` starts some of them and adds their lines up.
 */
import { parseArgs } from 'node:util'
import { faultIds, runTwice, smallestReplay } from './run-checked.ts'
import { runSeed, type SeedOptions } from './run-seed.ts'

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    count: { type: 'string' },
    stride: { type: 'string', default: '1' },
    only: { type: 'string' },
    seconds: { type: 'string' },
    twice: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
})

const write = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)

const optionsOf = (seed: number): SeedOptions => ({
  seed: String(seed),
  ...(values.only !== undefined && { only: new Set(values.only.split(',')) }),
  ...(values.seconds !== undefined && { safetyMs: Number(values.seconds) * 1_000 }),
  ...(values.trace && { print: (line: string) => write({ line }) }),
})

process.stdin.on('end', () => process.exit()).on('error', () => process.exit())
process.stdin.resume()

write({ kinds: faultIds })
const from = Number(values.from)
for (let index = 0; index < Number(values.count); index++) {
  const options = optionsOf(from + index * Number(values.stride))
  const result = await (values.twice ? runTwice(options) : runSeed(options))
  const replay = result.violations.length === 0 || values.trace ? {} : { replay: await smallestReplay(options) }
  write({ result, ...replay })
  // The parent's end is heard between two seeds.
  await new Promise((resolve) => setImmediate(resolve))
}
// Ends by itself, when everything is written.
process.stdin.destroy()
