import { expect, onTestFinished, test } from 'vitest'
import { SystemHttp, type HttpRequest } from '../../src/adapters/venue-kit/transport.ts'
import { fakeRest, fakeTcp, realClock } from '../support/venue-hosts.ts'

const system = (): SystemHttp => {
  const http = new SystemHttp(realClock)
  onTestFinished(() => http.close())
  return http
}
const request = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({ method: 'GET', url: new URL(url), headers: {}, timeoutMs: 2_000, written: () => undefined, ...changes })

test('headers are told by lower-case name; one that was sent twice says nothing', async () => {
  const peer = await fakeTcp((socket) => void socket.write('HTTP/1.1 200 OK\r\nX-MBX-USED-WEIGHT-1M: 12\r\nX-Twice: 1\r\nX-Twice: 2\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}'))
  const answer = await system().send(request(peer.url))
  expect(answer.ok && answer.value.headers).toMatchObject({ 'x-mbx-used-weight-1m': '12', 'retry-after': '7' })
  expect(answer.ok && answer.value.headers).not.toHaveProperty('x-twice')
  expect(answer.ok && answer.value.retryAfterMs).toBe(7_000)
})

test.each(['GET', 'POST', 'PUT', 'DELETE'] as const)('%s is written once, its query as it was given, and without a body it has none', async (method) => {
  const rest = await fakeRest(() => ({ body: {} }))
  let written = 0
  await system().send(request(`${rest.url}/path?b=%2F&a=1`, { method, written: () => void (written += 1) }))
  expect(rest.asked).toMatchObject([{ method, path: '/path', body: '' }])
  expect(rest.asked[0]?.query.get('b')).toBe('/')
  expect(rest.asked[0]?.headers['transfer-encoding']).toBeUndefined()
  expect(written).toBe(1)
})
