/** One asset's balance in atoms; the account owns free + held. */
export interface Balance {
  free: bigint
  held: bigint
}

/** All balances of the one account. Every method throws rather than let a balance become negative: that would be a fault of the sandbox itself. */
export class Accounts {
  readonly #balances = new Map<string, Balance>()

  of(asset: string): Balance {
    return this.#balances.get(asset) ?? { free: 0n, held: 0n }
  }

  assets(): readonly string[] {
    return [...this.#balances.keys()]
  }

  /** Forgets every balance. */
  clear(): void {
    this.#balances.clear()
  }

  /** Adds (or with a negative amount takes) free balance. */
  credit(asset: string, atoms: bigint): void {
    this.#set(asset, (balance) => ({ free: balance.free + atoms, held: balance.held }))
  }

  /** Moves free balance into the hold; a negative amount moves it back. */
  hold(asset: string, atoms: bigint): void {
    this.#set(asset, (balance) => ({ free: balance.free - atoms, held: balance.held + atoms }))
  }

  #set(asset: string, change: (balance: Balance) => Balance): void {
    const next = change(this.of(asset))
    if (next.free < 0n || next.held < 0n) throw new Error(`balance of ${asset} would become negative`)
    this.#balances.set(asset, next)
  }
}
