/**
 * Keeping up with the desk: it is asked once a second, and sooner when its stream tells of a transition. The stream comes
 * back by itself after a cut and goes on after the last position it saw; asking makes the page right whatever was missed.
 */
import type { Connection, Desk, Order, Position, Price, TradePair, Transition } from './answers.ts'
import { seekAccess } from './access.ts'
import { read } from './api.ts'
import { storeOf } from './store.ts'
import { followStream, type Listener } from './stream.ts'

/** Everything that is on the page at once. */
export interface Picture {
  readonly desk: Desk
  readonly connections: readonly Connection[]
  readonly prices: readonly Price[]
  readonly orders: readonly Order[]
  readonly pairs: readonly TradePair[]
  readonly closed: readonly TradePair[]
  readonly positions: readonly Position[]
}

export interface Link {
  readonly stream: 'connecting' | 'open' | 'lost'
  /** How often the stream has come back. */
  readonly reconnects: number
  /** When the desk answered last; undefined before it did. */
  readonly answeredAt: number | undefined
}

const most = 1_000
const questions: Readonly<Record<keyof Picture, string>> = {
  desk: '/api/desk',
  connections: '/debug/connections',
  prices: '/debug/prices',
  orders: `/api/orders?finished=false&limit=${most}`,
  pairs: `/api/trade-pairs?finished=false&limit=${most}`,
  closed: '/api/trade-pairs?state=closed&limit=200',
  positions: '/api/positions',
}

export const picture = storeOf<Picture | undefined>(undefined)
export const link = storeOf<Link>({ stream: 'connecting', reconnects: 0, answeredAt: undefined })
/** The latest transitions, newest first. */
export const journal = storeOf<readonly Transition[]>([])
/** The moment that ages count to; it moves once a second. */
export const clock = storeOf(Date.now())

const askMs = 1_000
/** Transitions come in bursts: so long is waited for the rest of one. */
const gatherMs = 250
const journalKept = 200

let timer: ReturnType<typeof setTimeout> | undefined
let asking = false
let wanted = false

const ask = async (): Promise<void> => {
  clearTimeout(timer)
  asking = true
  wanted = false
  try {
    const answers = await Promise.all(Object.entries(questions).map(async ([name, path]) => [name, await read(path)] as const))
    picture.set(Object.fromEntries(answers) as unknown as Picture)
    link.set({ ...link.get(), answeredAt: Date.now() })
  } catch {
    // The bar says how long there has been no answer; the next second asks again.
  }
  asking = false
  timer = setTimeout(() => void ask(), wanted ? gatherMs : askMs)
}

/** Asks soon: what is shown has changed. */
export const hasten = (): void => {
  if (wanted) return
  wanted = true
  if (asking) return
  clearTimeout(timer)
  timer = setTimeout(() => void ask(), gatherMs)
}

const listener: Listener = {
  opened: () => {
    const { stream, reconnects } = link.get()
    link.set({ ...link.get(), stream: 'open', reconnects: stream === 'lost' ? reconnects + 1 : reconnects })
  },
  took: ({ type, data }) => {
    if (type === 'transition') {
      journal.set([JSON.parse(data) as Transition, ...journal.get()].slice(0, journalKept))
      hasten()
    } else if (type === 'reset') journal.set([])
    return type === 'reset'
  },
  lost: () => {
    if (link.get().stream !== 'lost') link.set({ ...link.get(), stream: 'lost' })
  },
}

/** Begins to follow the desk; once. */
export const followDesk = (): void => {
  void seekAccess()
  void ask()
  void followStream('/debug/stream', listener)
  setInterval(() => clock.set(Date.now()), 1_000)
}
