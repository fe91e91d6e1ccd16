/**
 * Where a notice may be sent: an address that a person has written into a file must not become a way into the network
 * that the desk stands in.
 *
 * N1  Names are resolved first, and the connection is made to the very address that was looked at.
 * N2  Private, link-local and other special ranges are refused; `private` allows the first two. Nothing allows the rest.
 * N3  Plain HTTP and plain SMTP go to loopback only.
 * N4  No redirect is followed.
 */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Why an address is not written to. The message holds no secret: at most the host's name. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

type Range = readonly [network: string, prefix: number]

const listOf = (v4: readonly Range[], v6: readonly Range[]): BlockList => {
  const list = new BlockList()
  for (const [network, prefix] of v4) list.addSubnet(network, prefix, 'ipv4')
  for (const [network, prefix] of v6) list.addSubnet(network, prefix, 'ipv6')
  return list
}

const loopback = listOf([['127.0.0.0', 8]], [['::1', 128]])
/** RFC 1918, RFC 6598, RFC 3927; RFC 4193, RFC 4291. */
const privateRanges = listOf([['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10], ['169.254.0.0', 16]], [['fc00::', 7], ['fe80::', 10]])
/** The rest of the IANA special-purpose registries: not a place that a service is at, or a wrapping of another address. */
const special = listOf(
  [['0.0.0.0', 8], ['192.0.0.0', 24], ['192.0.2.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4]],
  [['::', 128], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 32], ['2001:db8::', 32], ['2002::', 16], ['fec0::', 10], ['ff00::', 8]],
)

export type Place = 'loopback' | 'private' | 'special' | 'public'

/** Where an address is. An IPv4 address in IPv6 clothes is judged as what it is. */
export const placeOf = (address: string): Place => {
  const bare = address.replace(/%.*$/, '')
  const family = isIPv6(bare) ? 'ipv6' : 'ipv4'
  if (loopback.check(bare, family)) return 'loopback'
  if (privateRanges.check(bare, family)) return 'private'
  return special.check(bare, family) ? 'special' : 'public'
}

export interface Resolved {
  readonly address: string
  readonly family: 4 | 6
  readonly place: Place
}

export type Resolve = (host: string) => Promise<readonly { readonly address: string }[]>

/** All addresses of a name, as the system tells them. */
export const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true })

export interface Outbound {
  readonly resolve: Resolve
  /** Lets addresses of private and link-local ranges through (N2). */
  readonly private: boolean
}

/**
 * The address to connect to (N1). All of a name's addresses must be allowed: one that is not is a name that plays tricks.
 * @throws Refused
 */
export const resolved = async (host: string, { resolve, private: isPrivateAllowed }: Outbound): Promise<Resolved> => {
  const bare = host.replace(/^\[|\]$/g, '')
  const found = isIP(bare) === 0 ? await resolve(bare) : [{ address: bare }]
  const all = found.map(({ address }): Resolved => ({ address, family: isIPv6(address) ? 6 : 4, place: placeOf(address) }))
  const [first] = all
  if (first === undefined) throw new Refused(`${bare} has no address`)
  for (const { place } of all) {
    if (place === 'special') throw new Refused(`${bare} is at an address that no service can be at`)
    if (place === 'private' && !isPrivateAllowed) throw new Refused(`${bare} is in a private network: set "private: true" on the channel if that is meant`)
  }
  if (new Set(all.map(({ place }) => place === 'loopback')).size > 1) throw new Refused(`${bare} is on this machine and elsewhere at once`)
  return first
}
