/** How much was done at the venue. */
const counted: readonly (readonly [kind: OperationKind, method: string, path: RegExp])[] = [
  ['create', 'POST', /\/orders$/],
  ['cancel', 'POST', /\/batch_cancel$/],
  ['listing', 'GET', /\/historical\/(batch|fills)$|\/accounts$/],
  ['lookUp', 'GET', /\/historical\/[^/]+$/],
]

type OperationKind = 'create' | 'cancel' | 'listing' | 'lookUp'

export class Tally {
  readonly operations: Record<OperationKind, number> = { create: 0, cancel: 0, listing: 0, lookUp: 0 }

  /** Counts a request that is about orders or money; questions about prices and time are none. */
  request(method: string, path: string): void {
    const kind = counted.find(([, its, pattern]) => its === method && pattern.test(path))?.[0]
    if (kind !== undefined) this.operations[kind]++
  }

  get total(): number {
    return Object.values(this.operations).reduce((sum, count) => sum + count, 0)
  }
}
