import { MemoryJournal, MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { journalContract } from './journal.contract.ts'

journalContract('the in-memory journal', async () => {
  const store = new MemoryStore()
  return {
    open: async () => {
      const journal = new MemoryJournal(store)
      return { journal, reads: journal }
    },
    loseNext: async (journal, when) => (journal as MemoryJournal).loseNext(when),
  }
})
