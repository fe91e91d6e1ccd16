/** The strategies of a configuration, one an instrument: the ladder, or a module of the user's own behind its check. */
import path from 'node:path'
import { money, rateOfBps } from '../../domain/decimal.ts'
import { checked } from '../../strategies/checked.ts'
import { ladder } from '../../strategies/ladder.ts'
import type { MakeStrategy, OwnStrategy, Strategy } from '../../strategies/strategy.ts'
import type { Config, LadderConfig, ModuleConfig } from '../config/schema.ts'
import { exitCodes, Problem } from '../problem.ts'
import { lineIn, readStrategyModule, saidBy } from './strategy-module.ts'
import { within } from './time-limit.ts'

const makeWithinMs = 5_000
/** Far above what a decision takes, far below what the desk calls a stall. */
const decideWithinMs = 500

/** What pairs of the house's own are filed under. */
const taken: ReadonlySet<string> = new Set(['ladder', 'adopted', 'hand'])

export interface Strategies {
  /** By instrument. */
  readonly all: ReadonlyMap<string, Strategy>
  /** SHA-256 of the modules among them, by instrument. */
  readonly digests: Readonly<Record<string, string>>
}

export const isModule = (settings: Config['instruments'][string]): settings is ModuleConfig => settings.strategy !== 'ladder'

const ladderOf = ({ rungs, spacingBps, targetBps, budgetQuote }: LadderConfig): Strategy =>
  ladder({ rungs, spacing: rateOfBps(spacingBps), target: rateOfBps(targetBps), budget: money(budgetQuote) })

const wrong = (file: string, what: string, error?: unknown): Problem => {
  const line = lineIn(error, file)
  return new Problem(exitCodes.configuration, `${file}${line === undefined ? '' : `, line ${line}`}: ${what}`)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

/** The function that the module exports; one of CommonJS may hang it on its default. */
const makerIn = (file: string, exports: Readonly<Record<string, unknown>>): MakeStrategy => {
  const { strategy } = exports
  if (typeof strategy === 'function') return strategy as MakeStrategy
  const names = Object.keys(exports)
  throw wrong(file, `it must export a function named strategy, as in "export const strategy = defineStrategy((settings) => ...)"; ${strategy === undefined ? `it exports ${names.length === 0 ? 'nothing' : names.join(', ')}` : `its strategy is of type ${typeof strategy}`}`)
}

const fitting = (file: string, made: unknown): OwnStrategy => {
  if (!isObject(made)) throw wrong(file, `strategy(...) must return an object with a function decide; it returned ${made === null ? 'null' : `a value of type ${typeof made}`}`)
  if (made instanceof Promise) {
    made.catch(() => undefined)
    throw wrong(file, 'strategy(...) must return at once; it returned a promise')
  }
  for (const name of ['decide', 'unfit', 'tooSmall'] as const) {
    const type = typeof made[name]
    if (type !== 'function' && (name === 'decide' || type !== 'undefined')) throw wrong(file, `what strategy(...) returns must have ${name} as a function; it is of type ${type}`)
  }
  return made as unknown as OwnStrategy
}

const nameOf = (file: string, { name }: OwnStrategy): string => {
  const wanted: unknown = name ?? path.basename(file, path.extname(file))
  if (typeof wanted !== 'string' || !/^[A-Za-z][\w-]{0,39}$/.test(wanted)) throw wrong(file, 'its name must be a letter, then letters, digits, - and _, at most 40: name the file so, or return another as name')
  if (taken.has(wanted)) throw wrong(file, `its name is ${wanted}, which pairs of nightdesk's own are filed under: return another as name`)
  return wanted
}

const moduleStrategy = (file: string, instrument: string, settings: ModuleConfig, exports: Readonly<Record<string, unknown>>): Strategy => {
  const make = makerIn(file, exports)
  const context = Object.freeze({ instrument, budget: money(settings.budgetQuote), target: rateOfBps(settings.targetBps) })
  let made: unknown
  try {
    made = within(makeWithinMs, 'strategy(...)', () => make(structuredClone(settings.settings), context))
  } catch (error) {
    throw wrong(file, `it refuses to be made for ${instrument}: ${saidBy(error)}`, error)
  }
  const own = fitting(file, made)
  const safe = checked(own, { name: nameOf(file, own), budget: context.budget })
  return { ...safe, decide: (view) => within(decideWithinMs, 'decide', () => safe.decide(view)) }
}

/**
 * Makes every strategy; a module is read and run here.
 * @param file the configuration's own, which paths of modules are relative to
 * @throws Problem that names the module's file and what is wrong with it
 */
export const composeStrategies = ({ instruments }: Config, file: string): Strategies => {
  const all = new Map<string, Strategy>()
  const digests: Record<string, string> = {}
  const folder = path.dirname(path.resolve(file))
  for (const [id, settings] of Object.entries(instruments)) {
    if (!isModule(settings)) {
      all.set(id, ladderOf(settings))
      continue
    }
    const place = path.resolve(folder, settings.strategy)
    const { made, digest } = readStrategyModule(place, (exports) => moduleStrategy(place, id, settings, exports))
    digests[id] = digest
    all.set(id, made)
  }
  return { all, digests }
}
