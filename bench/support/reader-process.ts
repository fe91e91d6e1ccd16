/**
 * One reader of market data as a process of its own: in company, the reader that comes last pays for what the runtime has
 * learnt from the others. Asked by a message it listens, says `ready`, and says what hearing everything took.
 *
 *   node bench/support/reader-process.ts DIALECT INDEX STREAMS REST KEYFILE
 */
import { keyOf, sleep } from '../../test/strangers/support.ts'
import { binanceReaders, coinbaseReaders, type Dialect } from './readers.ts'

const [dialect, index, streams, rest, keyFile] = process.argv.slice(2) as [Dialect, string, string, string, string]
const places = { streams, rest }
const reader = (dialect === 'binance' ? binanceReaders(places) : coinbaseReaders(places, keyOf(keyFile)))[Number(index)]
if (reader === undefined) throw new Error(`there is no reader ${index} of ${dialect}`)

/** Until a client that has subscribed has also made up its own mind about it. */
const settleMs = 100

const listen = async (): Promise<void> => {
  const { promise: heard, resolve: done } = Promise.withResolvers<void>()
  const end = await reader.listen(done)
  await sleep(settleMs)
  const began = process.cpuUsage()
  process.send?.('ready')
  await heard
  const { user, system } = process.cpuUsage(began)
  await end()
  process.send?.((user + system) / 1_000)
}

process.on('message', () => void listen())
process.on('disconnect', () => process.exit())
process.send?.('up')
