/** All checkers together: what happens is shown to each of them, and what they report is kept with its moment. */
import type { Checker, Report, Violation } from './checker.ts'

/** Past so many the world is broken enough. */
const mostViolations = 20

export class Judge {
  readonly violations: Violation[] = []
  /** By what they look at. */
  readonly #lookers: { readonly [K in keyof Checker]?: Required<Checker>[K][] } = {}
  readonly #now: () => number
  #turns = 0

  constructor(now: () => number) {
    this.#now = now
  }

  readonly report: Report = (invariant, detail) => {
    if (this.violations.length >= mostViolations) return
    this.violations.push({ invariant, detail, at: Math.round(this.#now()), turn: this.#turns })
  }

  add(...checkers: readonly Checker[]): void {
    for (const checker of checkers) for (const [what, look] of Object.entries(checker)) ((this.#lookers as Record<string, unknown[]>)[what] ??= []).push(look)
  }

  /** Shows one thing to everybody who looks at such things. */
  show<K extends keyof Checker>(what: K, ...args: Parameters<Required<Checker>[K]>): void {
    if (what === 'committed') this.#turns++
    for (const look of (this.#lookers[what] ?? []) as ((...all: typeof args) => void)[]) look(...args)
  }
}
