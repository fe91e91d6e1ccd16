/**
 * `node scripts/paper-against-venue.ts -- [--seconds N] [--seed S] [--every-ms N] [--work-ms N] [--latency-ms N] [--json]`: how paper differs from
 * what really trades. The same orders go at the same moments to a paper venue and to the sandbox whose market it hears; prints
 * what filled where, how much worse, and how much later. The figures in docs/paper.md are from here.
 */
import { parseArgs } from 'node:util'
import { compare, tableOf } from './paper/compare.ts'
import { sideBySide } from './paper/side-by-side.ts'

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    'every-ms': { type: 'string', default: '400' },
    'work-ms': { type: 'string', default: '8000' },
    'latency-ms': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

const latency = values['latency-ms']
const { pairs, tick } = await sideBySide({
  seed: values.seed,
  seconds: Number(values.seconds),
  everyMs: Number(values['every-ms']),
  workMs: Number(values['work-ms']),
  ...(latency !== undefined && { latencyMs: Number(latency) }),
})
const found = compare(pairs, tick)
process.stdout.write(`${JSON.stringify(found)}\n`)
if (!values.json) process.stdout.write(`\n${tableOf(found)}\n`)
