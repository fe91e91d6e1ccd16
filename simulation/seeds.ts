/** Seeds that have found something: every gate runs them first. */
export interface CommittedSeed {
  readonly seed: string
  readonly only?: readonly string[]
  readonly safetyMs?: number
  /** What it found, in one sentence. */
  readonly found: string
}

export const committedSeeds: readonly CommittedSeed[] = [
  { seed: '173', safetyMs: 85_000, found: 'A look-up was dated by the wall clock and compared with a claim dated by the venue: after a step of the clock an order that rested was taken for absent.' },
  { seed: '275', safetyMs: 41_000, found: "A start with the wall clock far off asked for the account before it knew the venue's time, and took its refused token for a bad key." },
  { seed: '39', safetyMs: 84_000, found: "Once the venue's clock had moved, every read was refused, and the clock was measured only after reads that were not." },
  { seed: '35', safetyMs: 77_000, found: 'A market that was closed at the start stayed closed for the desk: what it had bought was never offered.' },
  { seed: '112', safetyMs: 57_000, found: 'A deadline told before the last fills came called a filled order overdue, and its pair was held for ever.' },
  { seed: '12', safetyMs: 51_000, found: 'The audit called the booked fills of an adopted order phantoms.' },
  { seed: '101056', found: 'A wall clock that was set back put a covering sell off by as long, in the next process too: deadlines were rows of wall time only.' },
  { seed: '101287', found: 'The same, after a stop in the middle: the newest event of the journal does not tell how far back the clock was set.' },
  { seed: '201583', found: 'A machine slept for a moment, and a price was younger than it was: the monotonic clock does not count sleep.' },
  { seed: '201651', found: 'An order that was just adopted did not count towards the exposure until its row was durable, and more was bound than allowed.' },
  { seed: '202279', found: "A successor measured the venue's clock while that was a minute ahead, and proved an order absent two seconds after its claim: the proof asks our own clock too now." },
  { seed: '301715', found: 'A wall clock that was set back made every reconciliation look older than the news that was missed: the desk took no entries until the clock had caught up.' },
  { seed: '204214', found: 'The judge of fresh prices had forgotten what a process heard before it froze for a minute in the middle of a commit.' },
  {
    seed: '1027560',
    only: ['cancel.barred', 'frame.lost', 'market.closed', 'clock.venueAhead', 'clock.setAhead', 'kill@commit.begin', 'kill@commit.sent', 'freeze@cancel.written', 'freeze@reconciliation.read', 'freeze@start.leased', 'freeze@start.restored', 'freeze@stop.asked'],
    safetyMs: 25_000,
    found: "A wall clock that was set in the middle of measuring the venue's clock put that 17 minutes ahead: a covering sell dated by it was refused, and could not be proven absent for as long.",
  },
]
