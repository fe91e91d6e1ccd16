/** The readers' processes, seen from the bench. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sleep } from '../../test/strangers/support.ts'
import { insist } from '../figure.ts'
import type { FrameHost } from './host-process.ts'
import type { Dialect, Places } from './readers.ts'

export interface ReaderProcess {
  /** Milliseconds of processor time from the word to play until it has heard everything. */
  time(host: FrameHost): Promise<number>
  stop(): Promise<void>
}

const entry = fileURLToPath(new URL('./reader-process.ts', import.meta.url))
const longestMs = 60_000

const next = async (child: ChildProcess, name: string): Promise<unknown> => {
  const said: unknown = await Promise.race([once(child, 'message').then(([message]: unknown[]) => message), sleep(longestMs)])
  insist(said !== undefined, `${name} did not hear the last quote`)
  return said
}

export const startReader = async (dialect: Dialect, { index, name }: { readonly index: number; readonly name: string }, { streams, rest, keyFile }: Places & { readonly keyFile: string }): Promise<ReaderProcess> => {
  const child = fork(entry, [dialect, String(index), streams, rest, keyFile], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await next(child, name)
  return {
    time: async (host) => {
      const subscribed = host.subscribed()
      const ready = next(child, name)
      child.send('listen')
      await Promise.all([subscribed, ready])
      const took = next(child, name)
      host.play()
      return Number(await took)
    },
    stop: async () => {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
