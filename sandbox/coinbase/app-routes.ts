import { products } from '../exchange/products.ts'
import { ok, type RestAnswer } from './answers.ts'
import type { Venue } from './venue.ts'

/** The public Coinbase App paths that ccxt asks before it trades (npm ccxt 4.5.84, js/src/coinbase.js): clock, currencies, rates. */
export function appTime(venue: Venue): RestAnswer {
  const now = venue.now()
  return ok({ data: { iso: new Date(now).toISOString(), epoch: Math.floor(now / 1000) } })
}

export function fiatCurrencies(): RestAnswer {
  return ok({ data: [{ id: 'USD', name: 'US Dollar', min_size: '0.01' }] })
}

export function cryptoCurrencies(): RestAnswer {
  const codes = new Set([...products.values()].flatMap(({ base, quote }) => [base, quote]).filter((code) => code !== 'USD'))
  return ok({ data: [...codes].map((code) => ({ asset_id: code, code, name: code, exponent: 8, type: 'crypto' })) })
}

export function exchangeRates(): RestAnswer {
  return ok({ data: { currency: 'USD', rates: { USD: '1', USDC: '1' } } })
}
