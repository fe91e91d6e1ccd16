/** The frame host as a process of its own, seen from the bench. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Dialect } from './readers.ts'

export interface FrameHost {
  readonly url: string
  /** Resolves when a connection has asked for the first time, of those that were made since this was called. */
  subscribed(): Promise<void>
  /** Hands every connection its frames. */
  play(): void
  stop(): Promise<void>
}

const entry = fileURLToPath(new URL('./frame-host.ts', import.meta.url))

/** @param frames how many each connection is given, the last of them with a bid of its own */
export const startHost = async (dialect: Dialect, frames: number): Promise<FrameHost> => {
  const child = fork(entry, [dialect, String(frames)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (said) => resolve(Number(said)))
    child.once('exit', (code) => reject(new Error(`the frame host ended with ${code}`)))
  })
  return {
    url: `ws://127.0.0.1:${port}`,
    subscribed: () => new Promise((resolve) => void child.once('message', () => resolve())),
    play: () => void child.send('play'),
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await gone
    },
  }
}
