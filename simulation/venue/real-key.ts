/** A key as users have it, made from the seed: real signatures, really verified. */
import { loadKey } from '../../src/adapters/coinbase/sign.ts'
import { hash32 } from '../../src/simulated-market/random.ts'
import { apiKey, ed25519PublicKey } from '../../sandbox/coinbase/keys.ts'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyPair } from './light-key.ts'

const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

export const realKey = (name: string, seed: string): KeyPair => {
  const half = Buffer.alloc(32)
  for (let at = 0; at < half.length; at += 4) half.writeUInt32BE(hash32(`${seed}/${at}`), at)
  const der = Buffer.concat([ed25519Pkcs8, half])
  const { x = '' } = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })).export({ format: 'jwk' })
  const secret = Buffer.concat([half, Buffer.from(x, 'base64url')]).toString('base64')
  return { secret, own: loadKey({ name, secret }), atVenue: apiKey(name, 'EdDSA', ed25519PublicKey(secret)) }
}
