import { binanceProducts, type Product } from '../exchange/products.ts'
import { errors } from './api-error.ts'
import type { Parameters } from './parameters.ts'
import type { Venue } from './venue.ts'

/** `BTCUSDT`: the venue's name of a product. */
export function symbolOf({ base, quote }: Pick<Product, 'base' | 'quote'>): string {
  return `${base}${quote}`
}

const bySymbol: ReadonlyMap<string, Product> = new Map([...binanceProducts.values()].map((product) => [symbolOf(product), product]))

/** The product of a symbol as the venue spells it, if there is a market for it. */
export function productOfSymbol(venue: Venue, symbol: string): Product | undefined {
  const product = bySymbol.get(symbol)
  return product && venue.exchange.markets.has(product.market) ? product : undefined
}

export type SymbolStatus = 'TRADING' | 'HALT' | 'BREAK' | 'CANCEL_ONLY'

/** What may be done with every symbol now (binance-spot.md 5.2). */
export function statusNow(venue: Venue): SymbolStatus {
  const halt = venue.faults.active('haltMarkets', 'all')
  if (halt) return halt.variant as SymbolStatus
  return venue.exchange.isClosed ? 'CANCEL_ONLY' : 'TRADING'
}

/** The product that `symbol` names. Throws -1102, -1121. */
export function needProduct(venue: Venue, parameters: Parameters): Product {
  const product = productOfSymbol(venue, parameters.need('symbol'))
  if (!product) throw errors.badSymbol()
  return product
}

/** The products that `symbol`, `symbols` or neither name, and whether one object is asked for. Throws -1121, -1128, -1151, -1220. */
export function chosenProducts(venue: Venue, parameters: Parameters): { readonly chosen: readonly Product[]; readonly one: boolean } {
  const one = parameters.text('symbol')
  const many = parameters.list('symbols')
  const status = parameters.word('symbolStatus', ['TRADING', 'HALT', 'BREAK'])
  if (one !== undefined && many !== undefined) throw errors.badCombination()
  if (many && new Set(many).size < many.length) throw errors.repeatedSymbol()
  const named = one === undefined ? many : [one]
  const matches = status === undefined || status === statusNow(venue)
  if (named === undefined) return { chosen: matches ? venue.exchange.listed : [], one: false }
  const chosen = named.map((symbol) => {
    const product = productOfSymbol(venue, symbol)
    if (!product) throw errors.badSymbol()
    return product
  })
  if (!matches && one !== undefined) throw errors.otherStatus()
  return { chosen: matches ? chosen : [], one: one !== undefined }
}
