/** Connections for orders that stay open (src/adapters/venue-kit/warmth.ts). */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { SystemHttp } from '../../src/adapters/venue-kit/transport.ts'
import { Warmth } from '../../src/adapters/venue-kit/warmth.ts'
import type { AccountFeed } from '../../src/ports/venue.ts'
import { ManualClock } from '../support/clock.ts'
import { realClock } from '../support/venue-hosts.ts'

const feed: AccountFeed = { open: () => ({ close: () => undefined }) }
const listener = {} as Parameters<AccountFeed['open']>[1]

test('begins with the first account stream, touches twice every ten seconds, and ends for good (H1)', async () => {
  const clock = new ManualClock()
  let touches = 0
  const warmth = new Warmth(clock, async () => void (touches += 1))
  const warmed = warmth.with(feed)
  await clock.advance(60_000)
  expect(touches).toBe(0)
  warmed.open([], listener)
  warmed.open([], listener)
  await clock.advance(30_500)
  expect(touches).toBe(6)
  warmth.end()
  warmed.open([], listener)
  await clock.advance(60_000)
  expect(touches).toBe(6)
})

test('goes on after a touch that fails (H2)', async () => {
  const clock = new ManualClock()
  let touches = 0
  new Warmth(clock, async () => {
    touches += 1
    throw new Error('away')
  }).with(feed).open([], listener)
  await clock.advance(20_500)
  expect(touches).toBe(4)
})

test('leaves two open connections behind, over which what comes next goes', async () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('data', () => setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'), 20)).on('error', () => undefined)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const http = new SystemHttp(realClock)
  onTestFinished(() => {
    http.close()
    server.close()
  })
  const send = () => http.send({ method: 'GET', url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/time`), headers: {}, timeoutMs: 2_000, written: () => undefined })
  const clock = new ManualClock()
  const touched: Promise<unknown>[] = []
  new Warmth(clock, () => {
    const sent = send()
    touched.push(sent)
    return sent
  }).with(feed).open([], listener)
  await clock.advance(10_500)
  await Promise.all(touched)
  expect(sockets.size).toBe(2)
  await Promise.all([send(), send()])
  expect(sockets.size).toBe(2)
})
