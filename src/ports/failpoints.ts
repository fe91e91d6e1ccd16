/**
 * Named moments on the way of a send, a booking, a cancel, a start and a stop. Nothing happens there, unless a test has
 * asked for the process to die or to freeze at one: random kills alone do not find what a kill at the right moment finds.
 */

/** Every failpoint, with the moment it names. */
export const failpoints = {
  'commit.begin': 'a batch is about to be written',
  'commit.sent': 'a batch has left for the store and no answer has come',
  'commit.done': 'the store has confirmed the batch and nobody knows it yet',
  'send.claimed': 'the claim is durable and nothing of the request is made',
  'send.signed': 'the request is signed and no byte of it has left',
  'send.written': 'the request has left and no answer has come',
  'send.answered': 'the answer is here and no row knows it',
  'cancel.claimed': 'the wish to cancel is durable and no byte of it has left',
  'cancel.written': 'the cancel has left and no answer has come',
  'cancel.answered': 'the answer to the cancel is here and no row knows it',
  'lookUp.answered': 'a look-up is answered and no row knows it',
  'fills.answered': 'fills are listed and none is booked',
  'reconciliation.read': 'the venue has told everything and nothing is repaired',
  'reconciliation.told': 'every repair is made and the run is not recorded',
  'start.leased': 'the lease is taken and no row is read',
  'start.migrating': 'a migration has run and is not committed',
  'start.restored': 'every actor is back and nothing is reconciled',
  'stop.asked': 'the desk was asked to stop and has not begun to',
  'stop.drained': 'everything is durable and the lease is still held',
} as const

export type Failpoint = keyof typeof failpoints

export interface Failpoints {
  /** Called at the moment; returns at once, or never. */
  reach(point: Failpoint): void
}

/** The product's own: every moment passes. */
export const noFailpoints: Failpoints = { reach: () => undefined }
