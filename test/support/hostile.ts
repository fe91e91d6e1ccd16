/**
 * Inputs that no venue should ever send, made from those it does: cut off, retyped, renamed, repeated, nested, swollen,
 * poisoned. NIGHTDESK_FUZZ sets how many each parser is given (500 in an ordinary test run, 100,000 in a long one).
 */
import * as fc from 'fast-check'

export const fuzzRuns = Number(process.env['NIGHTDESK_FUZZ'] ?? '500')

/** Names that mean something to the language, and must mean nothing to a parser. */
const poison = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', ''] as const

/** Texts that are nearly numbers, nearly times or nearly names. */
const oddTexts = ['NaN', 'Infinity', '-Infinity', '1e999', '1e-999', '1e5', '0x10', '-0', '-1', '+1', ' 1', '1 ', '1.', '.5', '1_000', '1,5', '٣', '0', '00', '9'.repeat(400), `0.${'0'.repeat(400)}1`, '0001-01-01T00:00:00Z', '9999-99-99T99:99:99Z', '\u0000', '\uD800', '<html>', 'x'.repeat(70_000)] as const

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 1.5, [], {}, [[]], [null], { value: {} }),
  fc.constantFrom(...oddTexts, ...poison),
  fc.jsonValue({ maxDepth: 3 }),
)

type Path = readonly (string | number)[]

const pathsOf = (value: unknown, at: Path = []): readonly Path[] =>
  typeof value === 'object' && value !== null ? [at, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...at, Array.isArray(value) ? Number(name) : name]))] : [at]

type Change = (holder: Record<string | number, unknown>, name: string | number, value: unknown) => void

const changes: readonly Change[] = [
  (holder, name, value) => void (holder[name] = value),
  (holder, name) => void delete holder[name],
  (holder, name) => void (holder[name] = [holder[name], holder[name]]),
  (holder, name) => void (holder[name] = { [name]: holder[name] }),
  (holder, name, value) => void (holder[typeof value === 'string' ? value : 'unheardOf'] = holder[name]),
  (holder, name) => void (holder[name] = String(holder[name])),
  (holder, name) => void (holder[name] = Number(holder[name])),
]

const changeAt = (root: unknown, path: Path, change: Change, value: unknown): unknown => {
  const holder = { root: structuredClone(root) } as Record<string | number, unknown>
  let place = holder
  const full: Path = ['root', ...path]
  for (const name of full.slice(0, -1)) place = place[name] as Record<string | number, unknown>
  change(place, full.at(-1) ?? 'root', value)
  return holder['root']
}

/** A valid JSON text with up to three of its places changed. */
const retyped = (samples: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...samples).chain((sample) => {
    const paths = pathsOf(JSON.parse(sample))
    const edit = fc.record({ path: fc.constantFrom(...paths), change: fc.constantFrom(...changes), value: oddValue })
    return fc.array(edit, { minLength: 1, maxLength: 3 }).map((edits) => {
      let value: unknown = JSON.parse(sample)
      for (const { path, change, value: odd } of edits) {
        try {
          value = changeAt(value, path, change, odd)
        } catch {
          // An earlier edit took this place away.
        }
      }
      return JSON.stringify(value) ?? 'null'
    })
  })

/** A valid text, cut off or with bytes of noise in it. */
const damaged = (samples: readonly string[]): fc.Arbitrary<string> =>
  fc.record({ sample: fc.constantFrom(...samples), at: fc.double({ min: 0, max: 1, noNaN: true }), noise: fc.string({ unit: 'binary', maxLength: 8 }), goesOn: fc.boolean() }).map(({ sample, at, noise, goesOn }) => {
    const cut = Math.floor(sample.length * at)
    return `${sample.slice(0, cut)}${noise}${goesOn ? sample.slice(cut) : ''}`
  })

const deep = fc.integer({ min: 1, max: 5_000 }).chain((depth) => fc.constantFrom(`${'['.repeat(depth)}${']'.repeat(depth)}`, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`))

/** Texts of every hostile kind around the given valid ones. */
export const hostile = (...samples: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 6, arbitrary: retyped(samples) }, { weight: 3, arbitrary: damaged(samples) }, { weight: 1, arbitrary: fc.json() }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }, { weight: 1, arbitrary: deep }, { weight: 1, arbitrary: fc.constantFrom('', 'null', '0', '""', '[]', '{}', '\uFEFF{}') })

/** The text with one or two characters replaced by ones that it could have there. */
export const nearly = (whole: string): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.nat(whole.length - 1), fc.constantFrom('0', '00', '9'.repeat(9), '.', '-', 'e5', '"', '\\', '\\u0030', '{', '}', ',', '"a":"1",', ' ', '\n', '\u0001', 'é', '')), { maxLength: 2 }).map((changes) => {
    const characters = whole.split('')
    for (const [at, other] of changes) characters[at] = other
    return characters.join('')
  })
