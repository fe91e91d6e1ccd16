/** One HTTP request as the venue saw it. `outcome` is the status answered, or how the answer was lost. */
export interface SeenRequest {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly clientOrderId?: string
  readonly outcome: number | string
}

const LENGTH = 2000

/** The latest requests, oldest first. Bound: 2000. */
export class RequestLog {
  readonly #seen: SeenRequest[] = []

  add(request: SeenRequest): void {
    this.#seen.push(request)
    if (this.#seen.length > LENGTH) this.#seen.shift()
  }

  latest(): readonly SeenRequest[] {
    return this.#seen
  }
}
