import { expect, test } from 'vitest'
import { redact } from '../../src/adapters/pino/redact.ts'

test.each([
  ['a token', 'authorization eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJrIn0.MEUCIQ-abc_x said no', 'authorization [secret] said no'],
  ['a token that is cut off', 'eyJhbGciOiJFUzI1NiJ9.eyJz', '[secret]'],
  ['a bearer', '{"authorization":"Bearer abc.def","x":1}', '{"authorization":"Bearer [secret]","x":1}'],
  ['a signature in a URL', 'GET /api/v3/order?symbol=BTCUSDT&signature=c8db56825ae71d6d&x=1', 'GET /api/v3/order?symbol=BTCUSDT&signature=[secret]&x=1'],
  ['a signature in JSON', String.raw`{"signature":"ab/+c="}`, '{"signature":"[secret]"}'],
  ['a private key', String.raw`bad key -----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY----- in file`, 'bad key [secret] in file'],
  ['a private key that is cut off', '-----BEGIN PRIVATE KEY-----\nMC4C', '[secret]'],
  ['a password in a URL', 'connect postgres://desk:hunter2@db.example:5432/x failed', 'connect postgres://desk:[secret]@db.example:5432/x failed'],
])('%s is struck out', (_what, line, left) => {
  expect(redact(line)).toBe(left)
})

test.each(['{"level":"info","event":"order.withdrawn","order":"nd844k-01M7ZCRDRGSJ2XA2RK-s1","reason":"the claim was 2001 ms old"}', 'look at http://127.0.0.1:7171/', 'wss://stream.binance.com:9443/stream', 'signature is wrong'])('%s stays as it is', (line) => {
  expect(redact(line)).toBe(line)
})

test('a line of megabytes is looked at in no time that grows faster than it', () => {
  for (const part of ['eyJ', 'a://b:', 'Bearer ', '-----BEGIN PRIVATE KEY-----', 'signature=']) expect(redact(part.repeat(100_000)).length).toBeGreaterThan(0)
})
