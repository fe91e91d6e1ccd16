/** Where the venue is spoken to (coinbase-advanced-trade.md 1): base URLs without a path. There is no place for practice with a matching engine. */
export const coinbaseHosts = {
  restUrl: 'https://api.coinbase.com',
  marketUrl: 'wss://advanced-trade-ws.coinbase.com',
  userUrl: 'wss://advanced-trade-ws-user.coinbase.com',
} as const
