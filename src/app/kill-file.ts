/**
 * The kill switch's letter box: the file `kill.json` in the data directory, for when no desk runs to be told, or its door
 * does not answer. The desk takes it before it trades, or within half a second, and lays it aside once it is recorded.
 */
import { randomUUID } from 'node:crypto'
import { existsSync, fsyncSync, openSync, closeSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { systemClock } from '../adapters/system/system-clock.ts'
import type { Command } from '../domain/command.ts'
import type { Log } from '../ports/log.ts'
import type { Steerable } from '../ports/steering.ts'

type Kill = Extract<Command, { readonly kind: 'kill' }>

const letter = z.object({ id: z.string().min(1).max(80), level: z.enum(['entries', 'orders', 'flatten']), who: z.string().min(1).max(80), reason: z.string().min(1).max(500) })

export class KillFile {
  readonly #file: string

  constructor(home: string) {
    this.#file = path.join(home, 'kill.json')
  }

  get path(): string {
    return this.#file
  }

  get isThere(): boolean {
    return existsSync(this.#file)
  }

  /**
   * Leaves a letter; it is on the disk when this returns.
   * @throws when it cannot be written
   */
  write({ id, level, who, reason }: Pick<Kill, 'id' | 'level' | 'who' | 'reason'>): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify({ id, level, who, reason }), { mode: 0o600 })
    const file = openSync(`${this.#file}.new`, 'r')
    fsyncSync(file)
    closeSync(file)
    renameSync(`${this.#file}.new`, this.#file)
  }

  /** What it says. A letter that cannot be read, even an empty one, means: stop every order. */
  read(): readonly Kill[] {
    if (!this.isThere) return []
    const said = letter.safeParse(this.#content())
    if (said.success) return [{ kind: 'kill', ...said.data }]
    return [{ kind: 'kill', id: `file-${randomUUID()}`, level: 'orders', who: 'a file', reason: `${path.basename(this.#file)} is there and says nothing that can be read` }]
  }

  #content(): unknown {
    try {
      return JSON.parse(readFileSync(this.#file, 'utf8'))
    } catch {
      return undefined
    }
  }

  /** It was carried out and recorded. */
  layAside(): void {
    if (this.isThere) renameSync(this.#file, `${this.#file}.taken`)
  }
}

const everyMs = 500

/** Carries out what the file and the signal SIGUSR2 say, until the answer is called. */
export const watchKills = (desk: Steerable, file: KillFile, log: Log): (() => void) => {
  const take = async (command: Kill): Promise<boolean> => {
    const outcome = await desk.command(command)
    if (outcome.kind !== 'done') log.error('kill.notTaken', { detail: outcome.detail })
    return outcome.kind === 'done'
  }
  const look = async (): Promise<void> => {
    const [command] = file.read()
    if (command !== undefined && (await take(command))) file.layAside()
    if (!over) timer = systemClock.after(everyMs, () => void look())
  }
  const signalled = (): void => void take({ kind: 'kill', id: `signal-${randomUUID()}`, level: 'orders', who: 'SIGUSR2', reason: 'a signal' })
  let over = false
  let timer = systemClock.after(0, () => void look())
  process.on('SIGUSR2', signalled)
  return () => {
    over = true
    timer.cancel()
    process.off('SIGUSR2', signalled)
  }
}
