/** A strict reader of Prometheus' text format: what it cannot read, Prometheus would not take either. */

export interface Series {
  readonly type: string
  readonly help: string
  readonly samples: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? ([Nn]a[Nn]|[+-]?Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/

const labelsOf = (text: string): Readonly<Record<string, string>> => Object.fromEntries([...text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/g)].map(([, name = '', value = '']) => [name, value]))

/** @throws Error for a line that is none, a sample before its type, or one that is told twice */
export const readExposition = (text: string): ReadonlyMap<string, Series> => {
  const found = new Map<string, { type: string; help: string; samples: Series['samples'][number][] }>()
  const seen = new Set<string>()
  let name = ''
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const told = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line)
    if (told !== null) {
      const [, what = '', of = '', value = ''] = told
      name = of
      const series = found.get(of) ?? { type: '', help: '', samples: [] }
      found.set(of, { ...series, [what.toLowerCase()]: value })
      continue
    }
    const sample = sampleLine.exec(line)
    const series = found.get(name)
    if (sample === null || series === undefined || series.type === '') throw new Error(`not a line of the text format: ${line}`)
    const [, of = '', labels = '', value = ''] = sample
    const key = `${of}{${labels}}`
    if (!new RegExp(`^${name}(_bucket|_sum|_count)?$`).test(of)) throw new Error(`${of} stands under ${name}`)
    if (seen.has(key)) throw new Error(`${key} is told twice`)
    seen.add(key)
    series.samples.push({ name: of, labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) })
  }
  return found
}
