/** A paper ledger in memory, for simulation and tests. The store survives its ledgers, as a database survives processes. */
import type { PaperEntry, PaperEvent, PaperLedger } from '../../ports/paper-ledger.ts'

/** What several ledgers (processes) share. */
export class PaperStore {
  entries: readonly PaperEntry[] = []
  readonly clientOrderIds = new Set<string>()
}

const idsOf = (events: readonly PaperEvent[]): readonly string[] => events.flatMap((event) => (event.type === 'placed' ? [event.request.clientOrderId] : []))

export class MemoryPaperLedger implements PaperLedger {
  readonly #store: PaperStore
  #next: 'loseBefore' | 'loseAfter' | undefined

  constructor(store = new PaperStore()) {
    this.#store = store
  }

  /** The answer of the next `append` is lost, before or after it took hold. */
  loseNext(next: 'loseBefore' | 'loseAfter'): void {
    this.#next = next
  }

  async read(after: number, limit: number): Promise<readonly PaperEntry[]> {
    return this.#store.entries.filter(({ position }) => position > after).slice(0, limit)
  }

  async append(after: number, events: readonly PaperEvent[]): Promise<'appended' | 'overtaken'> {
    const next = this.#next
    this.#next = undefined
    if (next === 'loseBefore') throw new Error('the connection is gone')
    const outcome = this.#append(after, events)
    if (next === 'loseAfter') throw new Error('the answer is lost')
    return outcome
  }

  async knows(clientOrderId: string): Promise<boolean> {
    return this.#store.clientOrderIds.has(clientOrderId)
  }

  async forget(before: number): Promise<void> {
    this.#store.entries = this.#store.entries.filter(({ position }) => position >= before)
  }

  async close(): Promise<void> {
    this.#next = undefined
  }

  #append(after: number, events: readonly PaperEvent[]): 'appended' | 'overtaken' {
    const { entries, clientOrderIds } = this.#store
    const ids = idsOf(events)
    if ((entries.at(-1)?.position ?? 0) !== after || ids.some((id) => clientOrderIds.has(id))) return 'overtaken'
    this.#store.entries = [...entries, ...events.map((event, index) => ({ position: after + index + 1, event }))]
    for (const id of ids) clientOrderIds.add(id)
    return 'appended'
  }
}
