/**
 * A request that the risk gate has judged and let pass. Only `src/risk/gate.ts` makes one, and an order entry
 * takes nothing else, so there is no way round the gate.
 */
declare const approved: unique symbol
export type Approved<T> = T & { readonly [approved]: true }
