/** Where the venue is spoken to (binance-spot.md 2): base URLs without a path. */

export interface BinanceHosts {
  readonly restUrl: string
  /** Market streams; `/stream` is added. */
  readonly streamsUrl: string
  /** The WebSocket API, which is also the only source of user data (4); `/ws-api/v3` is added. */
  readonly wsApiUrl: string
}

export type BinanceEnvironment = 'production' | 'testnet' | 'demo'

export const binanceHosts: Readonly<Record<BinanceEnvironment, BinanceHosts>> = {
  production: { restUrl: 'https://api.binance.com', streamsUrl: 'wss://stream.binance.com:9443', wsApiUrl: 'wss://ws-api.binance.com:443' },
  /** Wiped about once a month without notice; keys survive. */
  testnet: { restUrl: 'https://testnet.binance.vision', streamsUrl: 'wss://stream.testnet.binance.vision', wsApiUrl: 'wss://ws-api.testnet.binance.vision' },
  /** Production's features and limits at realistic prices, with keys of its own. */
  demo: { restUrl: 'https://demo-api.binance.com', streamsUrl: 'wss://demo-stream.binance.com', wsApiUrl: 'wss://demo-ws-api.binance.com' },
}
