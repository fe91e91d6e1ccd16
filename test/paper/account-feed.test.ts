/** What a listener of the account hears, and when. */
import { expect, test } from 'vitest'
import type { AccountStreamListener } from '../../src/ports/venue.ts'
import { heard, request, scene, type Scene } from './support.ts'

const listenTo = async ({ venue, store }: Scene) => {
  const said: string[] = []
  let frames = 0
  const listener: AccountStreamListener = {
    opened: () => void said.push('opened'),
    subscribed: () => void said.push('subscribed'),
    received: () => void frames++,
    gap: () => void said.push('gap'),
    ended: (end, detail) => void said.push(`${end}: ${detail}`),
    order: ({ clientOrderId, status, executed }) => void said.push(`${clientOrderId} ${status} ${executed} after ${store.entries.length}`),
  }
  const stream = venue.accountFeed.open([], listener)
  await heard()
  return { said, stream, frames: () => frames }
}

test('it hears the working orders, that it is subscribed, and then every change once it is in the ledger', async () => {
  const stage = scene()
  await stage.place(request({ clientOrderId: 'before' }))
  const { said } = await listenTo(stage)
  const id = await stage.place(request({ clientOrderId: 'after', price: '100', quantity: '1' }))
  stage.market.trade('sell', '100', '1')
  await heard()
  await stage.arrives(stage.venue.cancel(id))
  expect(said).toEqual(['opened', 'before open 0 after 2', 'subscribed', 'after open 0 after 3', 'after open 0.5 after 4', 'after cancelled 0.5 after 5'])
})

test('it hears nothing of a write that did not happen', async () => {
  const stage = scene()
  const { said } = await listenTo(stage)
  await stage.place(request({ clientOrderId: 'placed', price: '100' }))
  stage.ledger.loseNext('loseBefore')
  stage.market.trade('sell', '100', '1')
  await heard()
  expect(said.filter((line) => line.startsWith('placed'))).toEqual(['placed open 0 after 2'])
})

test('it hears nothing after it was closed, nor when it is closed before it opened', async () => {
  const stage = scene()
  const { said, stream } = await listenTo(stage)
  stream.close()
  stage.venue.accountFeed.open([], { opened: () => void said.push('late'), subscribed: () => undefined, received: () => undefined, gap: () => undefined, ended: () => undefined, order: () => undefined }).close()
  await stage.place(request())
  expect(said).toEqual(['opened', 'subscribed'])
  expect(stage.clock.waiting).toBe(0)
})

test('it beats while the ledger answers, and ends when it does not', async () => {
  const stage = scene()
  const { said, frames } = await listenTo(stage)
  await stage.clock.advance(10_000)
  expect(frames()).toBeGreaterThanOrEqual(4)
  stage.ledger.read = () => Promise.reject(new Error('the store is away'))
  await stage.clock.advance(3_000)
  expect(said.at(-1)).toBe('retryable: the ledger of the paper venue does not answer')
  const silent = frames()
  await stage.clock.advance(10_000)
  expect(frames()).toBe(silent)
})

test('a market of many listeners tells the seventeenth to come again', async () => {
  const stage = scene()
  for (let count = 0; count < 16; count++) await listenTo(stage)
  const { said } = await listenTo(stage)
  expect(said).toEqual(['retryable: 16 account streams are open already'])
})
