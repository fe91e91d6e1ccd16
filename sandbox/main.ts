import { ReplayFileError } from './market/replay-file.ts'
import { readOptions, usage, type Options } from './options.ts'
import { startBinanceSandbox, startSandbox } from './sandbox.ts'

/** Exit codes shared with the desk: usage, input file, something needed is unavailable, internal. */
const EXIT = { usage: 2, input: 66, unavailable: 69, internal: 70 } as const

function options(): Options {
  try {
    const read = readOptions(process.argv.slice(2))
    if (read !== 'help') return read
    process.stdout.write(usage)
    return process.exit(0)
  } catch (cause) {
    return end(EXIT.usage, messageOf(cause))
  }
}

function end(code: number, sentence: string): never {
  process.stderr.write(`sandbox: ${sentence}\n`)
  process.exit(code)
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}

async function main(): Promise<void> {
  const chosen = options()
  const sandbox = await (chosen.venue === 'binance' ? startBinanceSandbox : startSandbox)(chosen, fail)
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    sandbox.close().then(
      () => process.exit(0),
      (cause: unknown) => end(EXIT.internal, messageOf(cause)),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (chosen.exitWithParent) {
    process.stdin.on('end', stop).on('close', stop).on('error', stop)
    process.stdin.resume()
  }
  process.stdout.write(`${JSON.stringify(sandbox.addresses)}\n`)
}

function fail(cause: unknown): never {
  if (cause instanceof ReplayFileError) end(EXIT.input, cause.message)
  if (codeOf(cause) === 'EADDRINUSE') end(EXIT.unavailable, `a port is in use (${messageOf(cause)}); choose another with --port or leave it out`)
  return end(EXIT.internal, messageOf(cause))
}

// A ledger that cannot be written must not go on answering.
process.on('uncaughtException', fail)
main().catch(fail)
