/** The demo's sandbox, which is started again where it was: the same ports, the same ledger, the last prices. */
import { noteLine } from '../output.ts'
import { exitCodes, Problem } from '../problem.ts'
import { portsOf, startSandbox, type OwnedSandbox, type SandboxAddresses, type SandboxOptions } from './sandbox.ts'

/** A sandbox that keeps dying is a fault to look at, not to repeat. */
const maxRestarts = 50
/** Its ports are soon free again; another program that took one must be told of. */
const portAttempts = 10
const portPauseMs = 300

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export class SupervisedSandbox {
  restarts = 0
  readonly addresses: SandboxAddresses
  readonly #options: SandboxOptions
  #sandbox: OwnedSandbox
  #failed: Problem | undefined
  #stopping = false
  readonly #watching: Promise<void>

  private constructor(options: SandboxOptions, sandbox: OwnedSandbox) {
    this.addresses = sandbox.addresses
    this.#options = { ...options, port: portsOf(sandbox.addresses) }
    this.#sandbox = sandbox
    this.#watching = this.#watch().catch((error: unknown) => {
      this.#failed = error instanceof Problem ? error : new Problem(exitCodes.internal, String(error))
    })
  }

  /**
   * Starts the sandbox and watches over it.
   * @throws Problem when it cannot start the first time
   */
  static async start(options: SandboxOptions): Promise<SupervisedSandbox> {
    return new SupervisedSandbox(options, await startSandbox(options))
  }

  /** Why it is beyond help, once it is. */
  get failure(): Problem | undefined {
    return this.#failed
  }

  async #watch(): Promise<void> {
    for (;;) {
      const end = await this.#sandbox.ended
      if (this.#stopping) return
      if ('problem' in end) throw end.problem
      if (++this.restarts > maxRestarts) throw new Problem(exitCodes.internal, `the sandbox was killed ${this.restarts} times; it is not started again`)
      noteLine(`nightdesk: the sandbox ended by ${end.signal}; starting it again`)
      this.#sandbox = await this.#again()
    }
  }

  async #again(): Promise<OwnedSandbox> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await startSandbox(this.#options)
      } catch (error) {
        const isPortTaken = error instanceof Problem && error.code === exitCodes.unavailable
        if (!isPortTaken || attempt === portAttempts) throw error
        await sleep(portPauseMs)
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#sandbox.stop()
    await this.#watching
  }
}
