/**
 * `npm run bench`: each figure as a ratio to something measured in the same run, because machines are noisy. Prints a
 * table, or JSON with --json; fails only on broken work, never on a slow machine.
 */
import { parseArgs } from 'node:util'
import { table } from '../src/app/output.ts'
import { fanOut } from './fan-out.ts'
import { durableTurns } from './durable-turns.ts'
import type { Figure } from './figure.ts'
import { restart } from './restart.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } })

const figures: readonly Figure[] = [...fanOut(values.quick), ...(await durableTurns(values.quick)), ...(await restart(values.quick))]

if (values.json) process.stdout.write(`${JSON.stringify({ node: process.version, figures })}\n`)
else process.stdout.write(`${table(['measure', 'figure', 'against', 'ratio'], figures.map((one) => [one.measure, one.figure, one.against, one.ratio.toFixed(2)]))}\n`)
