/**
 * `npm run bench -- [--quick] [--json] [--only NAME]`: each figure beside a yardstick of the same run, because machines are
 * noisy. Prints a table for people, or JSON for programs; fails only on broken work, never on a slow machine.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { table } from '../src/app/output.ts'
import { keepsAim, ratioOf, type Aim, type Figure, type Measure, type Scale } from './figure.ts'
import { measures } from './measures.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, only: { type: 'string' } } })

const chosen = (scale: Scale): readonly Measure[] =>
  values.only === undefined ? measures.filter(({ aloneAt }) => !aloneAt.includes(scale)) : measures.filter(({ name }) => name === values.only)

/** Four digits that matter. */
const short = (value: number): string => Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 3, signDisplay: 'negative' })

const aimText = ({ atLeast, atMost }: Aim = {}): string => [atLeast === undefined ? '' : `at least ${atLeast}`, atMost === undefined ? '' : `at most ${atMost}`].filter(Boolean).join(', ')

const verdict = (figure: Figure): string => ({ true: 'kept', false: 'missed' })[String(keepsAim(figure)) as 'true'] ?? ''

const row = (figure: Figure): string[] => {
  const { measure, value, unit, against, aim } = figure
  const ratio = ratioOf(figure)
  return [measure, `${short(value)} ${unit}`, against === undefined ? '' : `${short(against.value)} ${against.what}`, ratio === undefined ? '' : ratio.toFixed(2), aimText(aim), verdict(figure)]
}

const scale: Scale = values.quick ? 'quick' : 'full'
const wanted = chosen(scale)
if (wanted.length === 0) {
  process.stderr.write(`bench: there is no measure ${values.only}: ${measures.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}
const figures: Figure[] = []
const seconds: Record<string, number> = {}
for (const measure of wanted) {
  const began = performance.now()
  process.stderr.write(`${measure.name}: ${measure.about}\n`)
  figures.push(...(await measure.run(scale)))
  seconds[measure.name] = Math.round((performance.now() - began) / 1_000)
}

const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length, platform: `${process.platform} ${process.arch}` }
const json = { date: new Date().toISOString(), scale, ...machine, seconds, figures: figures.map((figure) => ({ ...figure, ratio: ratioOf(figure), kept: keepsAim(figure) })) }
process.stdout.write(values.json ? `${JSON.stringify(json)}\n` : `${table(['measure', 'figure', 'against', 'ratio', 'aim', ''], figures.map(row))}\n`)
// Strangers' clients leave timers behind.
process.exit()
