/**
 * A key whose signature is a checksum: for most seeds, because real signatures would cost as much as everything else
 * together. Only the signature is light. The claims of every token (who, which request, not before, not after) are
 * checked by the venue's own code, and a share of the seeds signs in earnest.
 */
import { unsignedToken, type TokenKey } from '../../src/adapters/coinbase/sign.ts'
import { hash32 } from '../../src/simulated-market/random.ts'
import type { ApiKey } from '../../sandbox/coinbase/keys.ts'

export interface KeyPair {
  readonly own: TokenKey
  readonly atVenue: ApiKey
  /** What no log line, row or event may hold. */
  readonly secret: string
}

export const lightKey = (name: string, secret: string): KeyPair => {
  const algorithm = 'EdDSA'
  let nonce = 0
  const signatureOf = (text: string): string => Buffer.from(hash32(`${secret}${text}`).toString(16)).toString('base64url')
  const identity = { name, algorithm } as const
  return {
    secret,
    own: {
      ...identity,
      token: (claims) => {
        const unsigned = unsignedToken(identity, claims, `n${++nonce}`)
        return `${unsigned}.${signatureOf(unsigned)}`
      },
    },
    atVenue: { ...identity, holds: (signed, signature) => signature.toString('base64url') === signatureOf(signed) },
  }
}
