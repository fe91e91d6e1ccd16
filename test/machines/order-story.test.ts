/** Stories of an order (docs/machines/order.md): the ways in which the world is not tidy. */
import { describe, expect, test } from 'vitest'
import { price, quantity } from '../../src/domain/decimal.ts'
import type { OrderReport } from '../../src/domain/order.ts'
import type { OrderContext, OrderEvent } from '../../src/machines/order/order-context.ts'
import { orderMachine } from '../../src/machines/order/order-machine.ts'
import { orderPolicy } from '../support/loop.ts'
import {
  accepted,
  cancelAnswered,
  cancelRequested,
  claimedAt,
  execution,
  fills,
  notFound,
  order,
  orderInput,
  outcomeUnknown,
  rejected,
  reported,
  withdrawn,
} from './order-scenario.ts'
import { inWords, Story } from './story.ts'

const { absentAfterMs, apartMs, lookUpMs, lookUpMaxMs, flagAfterMs, answerWithinMs, cancelAgainMs } = orderPolicy
const window = claimedAt + absentAfterMs
const stopWaiting = ['clearDeadline answer', 'clearDeadline resolve']
const clearAll = ['clearDeadline answer', 'clearDeadline resolve', 'clearDeadline cancel', 'clearDeadline fills']

describe('a create and its answer', () => {
  test('is sent once, at its own beginning, with a deadline for the answer', () => {
    order().becomes('submitting').does(`setDeadline answer ${claimedAt + answerWithinMs}`, 'sendOrder').waitsFor('answer')
  })

  test('accepted, filled in two parts, and the pair is told of each part and of the end', () => {
    const story = order()
      .on(accepted)
      .becomes('pending')
      .does(...stopWaiting)
      .waitsFor()
      .on(reported('open', '0.0004'))
      .does('fetchFills', `setDeadline fills ${claimedAt + lookUpMs}`)
      .on(fills(execution('t1', '0.0004')))
      .becomes('partial')
      .does('bookFill t1', 'tell trade-pair fillBooked', 'clearDeadline fills')
      .on(reported('filled', '0.001'))
      .becomes('partial')
      .on(fills(execution('t1', '0.0004'), execution('t2', '0.0006')))
      .becomes('filled')
      .does('bookFill t2', 'tell trade-pair fillBooked', 'clearDeadline fills', ...clearAll, 'tell trade-pair legEnded')
      .waitsFor()
    expect(story.effects.at(-1)).toEqual({
      type: 'tell',
      to: `trade-pair/${orderInput.pairId}`,
      event: { type: 'legEnded', leg: 'buy', orderId: orderInput.clientOrderId, end: 'filled', reason: '' },
    })
  })

  test('a fill overtakes the answer to the create, and the late answer changes nothing (FS-01)', () => {
    const story = order().on(fills(execution('t1', '0.0004'))).becomes('partial').knows({ venueOrderId: 'v-1', filled: quantity('0.0004') })
    const { context } = story
    story.on(accepted).becomes('partial').does().knows(context)
  })

  test('a report overtakes the answer to the create (FS-01)', () => {
    order().on(reported('open')).becomes('pending').knows({ venueOrderId: 'v-1' }).on(accepted).becomes('pending').does()
  })

  test('the venue refuses: the pair is told why', () => {
    order().on(rejected).becomes('rejected').knows({ reason: 'insufficientFunds: no money', filled: quantity('0') }).does(...stopWaiting, ...clearAll, 'tell trade-pair legEnded').waitsFor()
  })

  test('an order withdrawn before its first byte never existed', () => {
    order().on(withdrawn).becomes('absent').knows({ reason: 'too late', venueOrderId: null })
  })

  test('no answer in time is no answer: it is looked up, never sent again (OC-02)', () => {
    order().due('answer').becomes('resolving').does(...stopWaiting, 'lookUp', `setDeadline resolve ${claimedAt + answerWithinMs + lookUpMs}`)
  })
})

describe('a lost answer', () => {
  const lost = () => order().on(outcomeUnknown).becomes('resolving').waitsFor('resolve')

  test('is found by look-up, working', () => {
    lost().wait(300).on(reported('open')).becomes('pending').knows({ venueOrderId: 'v-1', lookUps: 0, missed: null }).waitsFor()
  })

  test('is found by look-up, filled at once: the fills are read before it ends (OC-03)', () => {
    lost()
      .on(reported('filled', '0.001'))
      .becomes('pending')
      .on(fills(execution('t1', '0.001')))
      .becomes('filled')
  })

  test('a late answer is still an answer', () => {
    lost().on(accepted).becomes('pending')
    lost().on(rejected).becomes('rejected')
  })

  test('is proven absent only by two look-ups that began after the window and margins, far enough apart (OC-05)', () => {
    lost()
      .wait(absentAfterMs + apartMs + 10)
      .on(notFound(window))
      .becomes('resolving')
      .knows({ missed: null })
      .on(notFound(window + 1))
      .becomes('resolving')
      .knows({ missed: { askedAt: window + 1 } })
      .on(notFound(window + 1 + apartMs - 1))
      .becomes('resolving')
      .on(notFound(window + 1 + apartMs))
      .becomes('absent')
      .knows({ reason: 'proven never to have existed' })
      .waitsFor()
  })

  test('is not proven absent by the venue’s clock alone: it must also have been asked about for as long, by our own (A6)', () => {
    const asked = (askedAt: number, askingMs: number) => ({ type: 'notFound', askedAt, askingMs }) as const
    const late = window + 3_600_000
    lost().on(asked(late, 10)).on(asked(late + apartMs, 600)).becomes('resolving').knows({ missed: null })
    lost().on(asked(late, absentAfterMs + 1)).on(asked(late + apartMs, absentAfterMs + apartMs)).becomes('resolving').on(asked(late + apartMs, absentAfterMs + apartMs + 1)).becomes('absent')
    lost().on(asked(window + 1, absentAfterMs * 2)).on(asked(window, absentAfterMs * 9)).becomes('resolving')
  })

  test('begins its proof anew in another process, whose clock knows nothing of the last one', () => {
    lost().on({ type: 'notFound', askedAt: window + 1, askingMs: absentAfterMs + 1 } as OrderEvent).restarts().knows({ missed: null }).becomes('resolving')
  })

  test('two look-ups far apart but both inside the window prove nothing', () => {
    lost().on(notFound(claimedAt + 1)).on(notFound(window - 1)).on(notFound(window)).becomes('resolving').knows({ missed: null })
  })

  test('a miss told twice is one miss', () => {
    lost().wait(absentAfterMs + 1).on(notFound(window + 1)).on(notFound(window + 1)).on(notFound(window + 1)).becomes('resolving')
  })

  test('look-ups that answer out of order count by when they began', () => {
    lost().wait(10_000).on(notFound(window + 2_000)).on(notFound(window + 1)).becomes('resolving').knows({ missed: { askedAt: window + 1 } }).on(notFound(window + 1 + apartMs)).becomes('absent')
  })

  test('one word from the venue after a miss, and no number of misses drops it (OC-12)', () => {
    const story = lost().wait(10_000).on(notFound(window + 1)).on(reported('unknown')).becomes('pending')
    for (let miss = 0; miss < 3; miss++) story.wait(10_000).on(notFound(story.now)).becomes('pending').does()
  })

  test('is asked for again with a growing, capped pause', () => {
    const story = lost()
    const pauses: number[] = []
    for (let round = 0; round < 6; round++) {
      const { now } = story
      story.due('resolve').becomes('resolving')
      pauses.push(story.now - now)
    }
    expect(pauses).toEqual([lookUpMs, lookUpMs * 2, lookUpMs * 4, lookUpMs * 8, lookUpMaxMs, lookUpMaxMs])
  })

  test('is flagged once after too long, stays live, and can still be found', () => {
    const story = lost().wait(flagAfterMs - 1).on({ type: 'deadlineDue', name: 'resolve' } as { type: string }).knows({ flagged: false })
    story.wait(1).on({ type: 'deadlineDue', name: 'resolve' } as { type: string }).becomes('resolving').knows({ flagged: true })
    expect(story.effects.slice(2)).toEqual([
      { type: 'tell', to: `trade-pair/${orderInput.pairId}`, event: { type: 'orderUnresolved', leg: 'buy', orderId: orderInput.clientOrderId } },
      { type: 'alert', code: 'order.unresolved', subject: orderInput.clientOrderId, detail: `${orderInput.clientOrderId} has been in doubt for ${flagAfterMs} ms` },
    ])
    story.due('resolve').becomes('resolving')
    expect(story.effects.map((effect) => effect.type)).toEqual(['lookUp', 'setDeadline'])
    story.on(reported('open')).becomes('pending')
  })

  test('told of something that was never asked for: not believed, told to a person once, and still found afterwards (O9)', () => {
    const strange = [
      { side: 'sell' as const },
      { instrument: 'ETH-USD' },
      { quantity: quantity('0.002') },
      { price: price('60001') },
      { createdAt: claimedAt - 60_001 },
    ]
    for (const over of strange) {
      const strangeWord = reported('open', '0', over)
      lost().on(strangeWord).becomes('resolving').does('tell trade-pair orderUnresolved', 'alert order.namesake').knows({ venueOrderId: null, flagged: true }).on(strangeWord).does().on(reported('open')).becomes('pending').knows({ flagged: false })
    }
  })

  test('a word on another order of the venue under our id changes nothing (O9)', () => {
    order().on(accepted).on(reported('filled', '0.001', { venueOrderId: 'v-2' })).becomes('pending').knows({ venueOrderId: 'v-1', reported: null })
  })

  test('a cancel wanted while nobody knows waits for the order to be found', () => {
    lost().on(cancelRequested).becomes('resolving').does().on(reported('open')).becomes('cancelling')
    order().on(cancelRequested).becomes('submitting').on(accepted).becomes('cancelling').waitsFor('cancel')
  })
})

describe('a cancel', () => {
  const cancelling = () => order().on(accepted).on(cancelRequested).becomes('cancelling').does('sendCancel', `setDeadline cancel ${claimedAt + cancelAgainMs}`)

  test('ends nothing by its answer: only a look-up does', () => {
    cancelling().on(cancelAnswered()).becomes('cancelling').does('lookUp', `setDeadline resolve ${claimedAt + lookUpMs}`).on(reported('cancelled')).becomes('cancelled').waitsFor()
  })

  test('is answered "unknown order" because it filled a moment before: the fill is booked, no end is invented (FS-07)', () => {
    cancelling()
      .on(cancelAnswered('unknown order'))
      .becomes('cancelling')
      .on(reported('filled', '0.001'))
      .becomes('cancelling')
      .does('fetchFills', `setDeadline fills ${claimedAt + lookUpMs}`)
      .on(fills(execution('t1', '0.001')))
      .becomes('filled')
  })

  test('crosses a partial fill: cancelled with what was filled, told once each (FS-06)', () => {
    cancelling()
      .on(reported('cancelled', '0.0004'))
      .becomes('cancelling')
      .on(fills(execution('t1', '0.0004')))
      .becomes('cancelled')
      .knows({ filled: quantity('0.0004') })
      .does('bookFill t1', 'tell trade-pair fillBooked', 'clearDeadline fills', ...clearAll, 'tell trade-pair legEnded')
  })

  test('without an answer is asked again and looked up (FS-08)', () => {
    cancelling().due('cancel').becomes('cancelling').does('sendCancel', `setDeadline cancel ${claimedAt + cancelAgainMs * 2}`, 'lookUp', `setDeadline resolve ${claimedAt + cancelAgainMs + lookUpMs}`).due('resolve').becomes('cancelling')
  })

  test('takes fills while it is under way and stays a cancel', () => {
    cancelling().on(fills(execution('t1', '0.0004'))).becomes('cancelling').knows({ filled: quantity('0.0004') })
  })

  test('is asked for once, however often it is wanted', () => {
    cancelling().on(cancelRequested).becomes('cancelling').does()
  })
})

describe('fills', () => {
  test('FILLED with an empty list of fills: filled, accounting open; it ends when the list is complete (FS-10)', () => {
    const story = order().on(accepted).on(reported('filled', '0.001')).becomes('pending').does('fetchFills', `setDeadline fills ${claimedAt + lookUpMs}`)
    story.on(fills()).becomes('pending').waitsFor('fills')
    story.due('fills').becomes('pending')
    expect(story.effects[0]).toEqual({ type: 'fetchFills', clientOrderId: orderInput.clientOrderId, venueOrderId: 'v-1' })
    story.on(fills(execution('t1', '0.0007'))).becomes('partial').waitsFor('fills')
    story.due('fills').on(fills(execution('t1', '0.0007'), execution('t2', '0.0003'))).becomes('filled').waitsFor()
  })

  test('the same list ten times books each execution once (FS-03)', () => {
    const story = order().on(accepted)
    for (let time = 0; time < 10; time++) story.on(fills(execution('t1', '0.0004'), execution('t1', '0.0004')))
    story.becomes('partial').knows({ filled: quantity('0.0004'), tradeIds: ['t1'] })
  })

  test('nothing is booked from a cumulative count alone (FS-11)', () => {
    order().on(accepted).on(reported('open', '0.0009')).becomes('pending').knows({ filled: quantity('0'), tradeIds: [] })
  })

  test('a missed fill event is found by the next report (FS-04)', () => {
    order().on(accepted).on(fills(execution('t1', '0.0002'))).on(reported('open', '0.0006')).does('fetchFills', `setDeadline fills ${claimedAt + lookUpMs}`)
  })

  test('partly filled, then cancelled by the venue, or expired', () => {
    order().on(accepted).on(fills(execution('t1', '0.0004'))).on(reported('cancelled', '0.0004', { reason: 'self trade' })).becomes('cancelled').knows({ reason: 'self trade' })
    order().on(accepted).on(fills(execution('t1', '0.0004'))).on(reported('expired', '0.0004')).becomes('expired')
  })

  test('refused by the venue after it was accepted, with a part filled: the part is booked first (OC-19)', () => {
    order().on(accepted).on(reported('failed', '0.0001')).becomes('pending').on(fills(execution('t1', '0.0001'))).becomes('rejected').knows({ filled: quantity('0.0001') })
  })
})

describe('reports that go backwards', () => {
  test('are ignored: status and quantity stay where they were (O5)', () => {
    const story = order().on(accepted).on(reported('open', '0.0006')).on(fills(execution('t1', '0.0006'))).becomes('partial')
    const { reported: known } = story.context
    story.on(reported('pending', '0.0002')).becomes('partial').knows({ reported: known, filled: quantity('0.0006') })
    story.on(reported('open', '0')).knows({ reported: known })
  })

  test('a stale report after the end does not raise the dead', () => {
    order().on(accepted).on(reported('cancelled')).becomes('cancelled').on(reported('open')).becomes('cancelled').knows({ reported: { status: 'cancelled', executed: quantity('0') } })
  })
})

describe('life after the end', () => {
  test('a late fill after a cancel is booked and told; the end stays the end (FS-23)', () => {
    order().on(accepted).on(reported('cancelled')).becomes('cancelled').on(fills(execution('t9', '0.0002'))).becomes('cancelled').knows({ filled: quantity('0.0002') }).does('bookFill t9', 'tell trade-pair fillBooked', 'clearDeadline fills', 'alert order.lateNews')
  })

  test('a late fill list with nothing new is silent', () => {
    order().on(accepted).on(fills(execution('t1', '0.001'))).becomes('filled').on(fills(execution('t1', '0.001'))).becomes('filled').does('clearDeadline fills')
  })

  test('an order proven absent that turns up alive is cancelled, loudly', () => {
    const story = order().on(outcomeUnknown).wait(10_000).on(notFound(window + 1)).on(notFound(window + 1 + apartMs)).becomes('absent')
    story.on(reported('open')).becomes('absent').does('clearDeadline fills', 'sendCancel', 'alert order.lateNews')
    expect(story.effects[1]).toEqual({ type: 'sendCancel', clientOrderId: orderInput.clientOrderId, venueOrderId: 'v-1' })
    story.on(reported('cancelled', '0.0003')).does('fetchFills', `setDeadline fills ${story.now + lookUpMs}`, 'alert order.lateNews').on(fills(execution('t9', '0.0003'))).becomes('absent').does('bookFill t9', 'tell trade-pair fillBooked', 'clearDeadline fills', 'alert order.lateNews')
  })
})

describe('a restart', () => {
  test('in submitting: the claim is looked up, never sent again (K3, K4)', () => {
    order().restarts().becomes('resolving').does(...stopWaiting, 'lookUp', `setDeadline resolve ${claimedAt + lookUpMs}`)
  })

  test('in resolving: asked again at once', () => {
    order().on(outcomeUnknown).restarts().becomes('resolving').does('lookUp', `setDeadline resolve ${claimedAt + lookUpMs * 2}`)
  })

  test('in pending and in partial: nothing was on its way', () => {
    order().on(accepted).restarts().becomes('pending').does()
    order().on(fills(execution('t1', '0.0004'))).restarts().becomes('partial').does()
  })

  test('in cancelling: the cancel is asked again and looked up (K11)', () => {
    order().on(accepted).on(cancelRequested).restarts().becomes('cancelling').does('sendCancel', `setDeadline cancel ${claimedAt + cancelAgainMs}`, 'lookUp', `setDeadline resolve ${claimedAt + lookUpMs}`)
  })
})

describe('no doubt is silent (O8)', () => {
  const flagged = ['tell trade-pair orderUnresolved', 'alert order.unresolved']

  test('an order at the venue that its venue does not know any more calls a person, stays live, and goes on when it is known again (FS-17)', () => {
    const story = order().on(accepted).wait(1_000).on(notFound(1)).becomes('pending').does().wait(flagAfterMs).on(notFound(2)).becomes('pending').does(...flagged)
    story.on(notFound(3)).does().on(reported('open')).becomes('pending').does('clearDeadline fills', 'tell trade-pair orderResolved').knows({ flagged: false, doubtSince: null })
  })

  test('fills that the venue counts and never lists call a person; when they come, all goes on (FS-10, FS-27)', () => {
    const story = order().on(accepted).on(reported('filled', '0.001'))
    for (let round = 0; !story.context.flagged && round < 100; round++) story.due('fills').becomes('pending')
    expect(story.now - claimedAt).toBeGreaterThanOrEqual(flagAfterMs)
    story.on(fills(execution('t1', '0.001'))).becomes('filled')
    expect(story.effects.map(inWords)).toContain('tell trade-pair orderResolved')
  })

  test('a cancel without an end calls a person (FS-08)', () => {
    const story = order().on(accepted).on(cancelRequested).becomes('cancelling')
    for (let round = 0; !story.context.flagged && round < 100; round++) story.due('cancel').on(reported('open')).becomes('cancelling')
    expect(story.now - claimedAt).toBeGreaterThanOrEqual(flagAfterMs)
    story.on(reported('cancelled')).becomes('cancelled')
    expect(story.effects.map(inWords)).toContain('tell trade-pair orderResolved')
  })
})

describe('an adopted order', () => {
  const report: OrderReport = { venueOrderId: 'v-1', clientOrderId: orderInput.clientOrderId, instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0.0004') }
  const adopted = { ...orderInput, adopted: report }

  test('begins at the venue: nothing is sent for it, and what it has executed is read', () => {
    const story = new Story<OrderContext>({ machine: orderMachine, input: adopted, at: claimedAt, invariants: () => undefined })
    story.becomes('pending').does().knows({ venueOrderId: 'v-1' }).on(reported('open', '0.0004')).does('fetchFills', `setDeadline fills ${claimedAt + lookUpMs}`)
  })
})
