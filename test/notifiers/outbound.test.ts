/** A notice leaves only for where it may go (N1 to N3). */
import { describe, expect, test } from 'vitest'
import { placeOf, resolved } from '../../src/adapters/notifiers/outbound.ts'
import { sendOnce } from '../../src/adapters/notifiers/http.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import { hostileServer } from '../support/hostile-server.ts'

const names = (...addresses: string[]) => ({ resolve: async () => addresses.map((address) => ({ address })), private: false })

test.each([
  ['127.0.0.1', 'loopback'], ['127.9.9.9', 'loopback'], ['::1', 'loopback'], ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'], ['172.31.255.255', 'private'], ['192.168.0.1', 'private'], ['100.64.0.1', 'private'], ['169.254.169.254', 'private'], ['fe80::1%eth0', 'private'], ['fd00::1', 'private'], ['::ffff:192.168.0.1', 'private'], ['::ffff:a9fe:a9fe', 'private'],
  ['0.0.0.0', 'special'], ['224.0.0.1', 'special'], ['255.255.255.255', 'special'], ['::', 'special'], ['ff02::1', 'special'], ['64:ff9b::a00:1', 'special'], ['2002:a00:1::', 'special'],
  ['8.8.8.8', 'public'], ['172.32.0.1', 'public'], ['2606:4700:4700::1111', 'public'],
])('%s is %s', (address, place) => {
  expect(placeOf(address)).toBe(place)
})

describe('a name', () => {
  test('that leads into a private network is refused, unless the channel is for one (SE-05)', async () => {
    await expect(resolved('ntfy.example', names('192.168.1.5'))).rejects.toThrow('private network')
    expect(await resolved('ntfy.example', { ...names('192.168.1.5'), private: true })).toEqual({ address: '192.168.1.5', family: 4, place: 'private' })
  })
  test('of which only one address is private is refused as a whole', async () => {
    await expect(resolved('both.example', names('8.8.8.8', '10.0.0.1'))).rejects.toThrow('private network')
  })
  test('that leads here and elsewhere is refused, and so is one that leads nowhere', async () => {
    await expect(resolved('mixed.example', names('127.0.0.1', '8.8.8.8'))).rejects.toThrow('at once')
    await expect(resolved('void.example', names())).rejects.toThrow('no address')
    await expect(resolved('zero.example', { ...names('0.0.0.0'), private: true })).rejects.toThrow('no service')
  })
})

describe('a request', () => {
  const to = (url: string, ...addresses: string[]) => sendOnce({ method: 'GET', url: new URL(url) }, { ...names(...addresses), clock: systemClock, timeoutMs: 500 })

  test('without TLS leaves for this machine only', async () => {
    expect(await to('http://hooks.example/x', '8.8.8.8')).toMatchObject({ failure: { kind: 'forbidden', detail: 'hooks.example is not on this machine: use https' } })
    expect(await to('http://10.0.0.1/x')).toMatchObject({ failure: { kind: 'forbidden' } })
  })

  test('is made to the address that was looked at, not to what the name says the next time', async () => {
    const server = await hostileServer()
    let asked = 0
    const resolve = async () => (++asked === 1 ? [{ address: '127.0.0.1' }] : [{ address: '10.0.0.1' }])
    const { port } = new URL(server.url)
    const result = await sendOnce({ method: 'GET', url: new URL(`http://no-such-name.invalid:${port}/`) }, { resolve, private: false, clock: systemClock, timeoutMs: 1_000 })
    await server.close()
    expect([result.ok, asked, server.received[0]?.headers.host]).toEqual([true, 1, `no-such-name.invalid:${port}`])
  })

  test('whose name is never resolved ends within its bound', async () => {
    expect(await sendOnce({ method: 'GET', url: new URL('https://slow.example/') }, { resolve: () => new Promise(() => undefined), private: false, clock: systemClock, timeoutMs: 100 })).toMatchObject({ failure: { kind: 'timeout' } })
  })
})
