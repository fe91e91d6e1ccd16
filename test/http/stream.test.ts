import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { EventStream, streamBounds, type StreamBounds, type StreamEnd } from '../../src/adapters/http/event-stream.ts'
import type { HttpServing } from '../../src/adapters/http/index.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import { event, FakeDesk, serve } from './fixture.ts'
import { openDeaf } from './raw.ts'
import { from1To, SseReader } from './sse.ts'

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 5_000, interval: 5 })

let desk: FakeDesk
let http: HttpServing
beforeEach(async () => {
  desk = new FakeDesk()
  http = await serve(desk)
})
afterEach(() => http.close())

const commitTo = (last: number): void => {
  for (let position = desk.journal.length + 1; position <= last; position++) desk.commit(event(position))
}

describe('over the wire', () => {
  test('without a position it begins with what comes next', async () => {
    commitTo(3)
    const reader = await SseReader.open(`${http.url}/debug/stream`)
    await until(() => expect(reader.comments).toContain('retry: 1000'))
    commitTo(5)
    await until(() => expect(reader.ids).toEqual([4, 5]))
    expect(reader.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(reader.headers.get('cache-control')).toBe('no-store')
    expect(JSON.parse(reader.messages[0]?.data ?? '')).toEqual(desk.journal[3])
    expect(desk.reads).toEqual([])
    reader.close()
  })

  test('after a position: many pages of missed ones, then live', async () => {
    commitTo(1_700)
    const reader = await SseReader.open(`${http.url}/debug/stream?after=0`)
    await until(() => expect(reader.ids).toHaveLength(1_700))
    commitTo(1_710)
    await until(() => expect(reader.ids).toEqual(from1To(1_710)))
    reader.close()
  })

  test('the header of a reader that comes back goes before its address', async () => {
    commitTo(10)
    const reader = await SseReader.open(`${http.url}/debug/stream?after=2`, '7')
    await until(() => expect(reader.ids).toEqual([8, 9, 10]))
    reader.close()
    const refused = await fetch(`${http.url}/debug/stream`, { headers: { 'last-event-id': 'x' } })
    expect([refused.status, await refused.json()]).toEqual([400, { error: 'Last-Event-ID must be a whole number, 0 or above', field: 'Last-Event-ID' }])
  })

  test('what is committed while the missed are read comes once and in order', async () => {
    commitTo(600)
    desk.onMissed = async () => {
      commitTo(desk.journal.length + 7)
      await new Promise((resolve) => setTimeout(resolve, 5))
      desk.onMissed = desk.journal.length > 650 ? () => {} : desk.onMissed
    }
    const reader = await SseReader.open(`${http.url}/debug/stream?after=0`)
    await until(() => expect(reader.ids.length).toBeGreaterThanOrEqual(600))
    desk.onMissed = () => {}
    commitTo(desk.journal.length + 3)
    await until(() => expect(reader.ids.at(-1)).toBe(desk.journal.length))
    expect(reader.ids).toEqual(from1To(desk.journal.length))
    reader.close()
  })

  test('news that comes after its row was read is not sent again', async () => {
    commitTo(5)
    const late = event(6)
    desk.journal.push(late)
    const reader = await SseReader.open(`${http.url}/debug/stream?after=3`)
    await until(() => expect(reader.ids).toEqual([4, 5, 6]))
    desk.news.next(late)
    commitTo(7)
    await until(() => expect(reader.ids.at(-1)).toBe(7))
    expect(reader.ids).toEqual([4, 5, 6, 7])
    reader.close()
  })

  test('a reader torn off again and again sees everything once', async () => {
    const seen: number[] = []
    const timer = setInterval(() => commitTo(Math.min(desk.journal.length + 3, 400)), 2)
    for (let round = 0; round < 200 && seen.length < 400; round++) {
      const reader = await SseReader.open(`${http.url}/debug/stream?after=0`, String(seen.at(-1) ?? 0))
      await new Promise((resolve) => setTimeout(resolve, 3 + (round % 5) * 4))
      reader.close()
      seen.push(...reader.ids)
    }
    clearInterval(timer)
    expect(seen).toEqual(from1To(400))
  })

  test('a position of another store begins anew with what comes next', async () => {
    commitTo(3)
    const reader = await SseReader.open(`${http.url}/debug/stream?after=5000`)
    await until(() => expect(reader.messages.map((message) => message.event)).toEqual(['reset']))
    commitTo(4)
    await until(() => expect(reader.ids).toEqual([4]))
    reader.close()
  })

  test('when the store is away the stream ends, and the reader resumes', async () => {
    commitTo(3)
    desk.onMissed = () => Promise.reject(new Error('away'))
    const reader = await SseReader.open(`${http.url}/debug/stream?after=0`)
    await until(() => expect(reader.ended).toBe(true))
    desk.onMissed = () => {}
    const again = await SseReader.open(`${http.url}/debug/stream?after=0`)
    await until(() => expect(again.ids).toEqual([1, 2, 3]))
    again.close()
  })

  test('no more than 32 are served, and an ended one makes room', async () => {
    const readers = await Promise.all(from1To(32).map(() => SseReader.open(`${http.url}/debug/stream`)))
    const refused = await fetch(`${http.url}/debug/stream`)
    expect(refused.status).toBe(503)
    expect(((await refused.json()) as { error: string }).error).toContain('32 streams are open')
    readers[0]?.close()
    await until(async () => {
      const next = await SseReader.open(`${http.url}/debug/stream`)
      next.close()
    })
    for (const reader of readers) reader.close()
  })

  test('a reader that reads nothing is closed, and the others go on', async () => {
    const good = await SseReader.open(`${http.url}/debug/stream`)
    const deaf = await openDeaf(http.url, '/debug/stream')
    await until(() => expect(desk.news.observed).toBe(true))
    await new Promise((resolve) => setTimeout(resolve, 50))
    const big = 'x'.repeat(100_000)
    for (let round = 0; round < 200; round++) {
      desk.commit(event(desk.journal.length + 1, { body: { big } }))
      if (round % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    await until(() => expect(good.ids).toEqual(from1To(200)))
    const ended = new Promise<boolean>((resolve) => void deaf.on('close', () => resolve(true)).on('error', () => resolve(true)))
    deaf.resume()
    expect(await ended).toBe(true)
    good.close()
  })

  test('close ends streams, idle and half-open connections within a second', async () => {
    const reader = await SseReader.open(`${http.url}/debug/stream`)
    const idle = await openDeaf(http.url, '/health/live')
    const { hostname, port } = new URL(http.url)
    const half = (await import('node:net')).connect(Number(port), hostname)
    half.on('error', () => {})
    half.write('GET / HTTP/1.1\r\nHost:')
    const began = performance.now()
    await http.close()
    expect(performance.now() - began).toBeLessThan(1_000)
    await until(() => expect(reader.ended).toBe(true))
    expect(desk.news.observed).toBe(false)
    await expect(fetch(`${http.url}/health/live`)).rejects.toThrow()
    idle.destroy()
    half.destroy()
  })
})

describe('bounds', () => {
  let server: Server
  let url: string
  let bounds: StreamBounds
  let ends: StreamEnd[]

  beforeEach(async () => {
    ends = []
    bounds = streamBounds
    server = createServer((_request, response: ServerResponse) => {
      new EventStream(response, { inspection: desk.inspection(), clock: systemClock, bounds, ended: (why) => ends.push(why) }).start(0)
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  test('more news than is kept while the missed are read ends the stream; nothing is lost by it', async () => {
    bounds = { ...streamBounds, waitingEvents: 5, page: 10 }
    commitTo(40)
    desk.onMissed = () => commitTo(Math.min(desk.journal.length + 3, 70))
    const seen: number[] = []
    for (let round = 0; round < 40 && seen.length < 70; round++) {
      const reader = await SseReader.open(`${url}/?`, undefined)
      await until(() => expect(reader.ended || reader.ids.length >= 70).toBe(true))
      reader.close()
      expect(reader.ids).toEqual(from1To(reader.ids.length))
      if (reader.ids.length > seen.length) seen.splice(0, seen.length, ...reader.ids)
    }
    expect(ends).toContain('tooFarBehind')
    expect(seen).toEqual(from1To(70))
  })

  test('a heartbeat comes while nothing happens', async () => {
    bounds = { ...streamBounds, heartbeatMs: 20 }
    const reader = await SseReader.open(url)
    await until(() => expect(reader.comments.filter((one) => one === ': alive').length).toBeGreaterThan(2))
    reader.close()
    await until(() => expect(ends).toEqual(['readerGone']))
  })

  test('a reader that takes nothing between two heartbeats is closed, however little waits', async () => {
    bounds = { ...streamBounds, heartbeatMs: 60, unflushedBytes: 1e9 }
    for (let position = 1; position <= 300; position++) desk.journal.push(event(position, { body: { big: 'x'.repeat(50_000) } }))
    const deaf = await openDeaf(url, '/')
    await until(() => expect(ends).toEqual(['readerSlow']))
    deaf.destroy()
  })
})
