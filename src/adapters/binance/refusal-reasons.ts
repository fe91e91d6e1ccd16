/**
 * Every answer for which the venue documents that it made no order (binance-spot.md 9, 13), each with a 4xx status. What
 * is not here proves nothing.
 */
import type { RefusalReason } from '../../domain/failure.ts'
import type { ErrorBody } from './wire.ts'

/** Codes that refuse a request whatever their text. */
const byCode: ReadonlyMap<number, RefusalReason> = new Map<number, RefusalReason>([
  [-1002, 'notPermitted'],
  [-1003, 'rateLimited'],
  [-1013, 'other'],
  [-1014, 'badRequest'],
  [-1015, 'rateLimited'],
  [-1016, 'instrumentUnavailable'],
  [-1020, 'badRequest'],
  // Refused before the engine, at whichever of the two checks (3.4).
  [-1021, 'other'],
  [-1022, 'notPermitted'],
  ...[-1100, -1101, -1102, -1103, -1104, -1105, -1106, -1108].map((code): [number, RefusalReason] => [code, 'badRequest']),
  [-1111, 'badPrecision'],
  [-1112, 'instrumentUnavailable'],
  ...[-1114, -1115, -1116, -1117, -1118, -1119, -1120].map((code): [number, RefusalReason] => [code, 'badRequest']),
  [-1121, 'instrumentUnavailable'],
  ...[-1127, -1128, -1130, -1131, -1145, -1151].map((code): [number, RefusalReason] => [code, 'badRequest']),
  [-1220, 'instrumentUnavailable'],
  [-2014, 'notPermitted'],
  [-2015, 'notPermitted'],
])

/** The filters by name, with or without `Filter failure: ` before the engine (-1013) and from it (-2010) (7.2). */
const byFilter: Readonly<Record<string, RefusalReason>> = {
  PRICE_FILTER: 'badPrice',
  PERCENT_PRICE: 'badPrice',
  PERCENT_PRICE_BY_SIDE: 'badPrice',
  LOT_SIZE: 'badSize',
  MARKET_LOT_SIZE: 'badSize',
  NOTIONAL: 'badSize',
  MIN_NOTIONAL: 'badSize',
  MAX_POSITION: 'badSize',
  MAX_ASSET: 'badSize',
  MAX_NUM_ORDERS: 'tooManyOrders',
  EXCHANGE_MAX_NUM_ORDERS: 'tooManyOrders',
}

const filterPrefix = 'Filter failure: '

/** The engine's texts (13), by how they begin; older spellings included. */
const byText: readonly (readonly [start: string, RefusalReason])[] = [
  ['Account has insufficient balance', 'insufficientFunds'],
  ['Order would immediately match and take', 'wouldCross'],
  ['Market is closed', 'instrumentUnavailable'],
  ['This order type is not possible in this trading phase', 'instrumentUnavailable'],
  ['Limit orders require GTC for this phase', 'instrumentUnavailable'],
  ['This symbol is not permitted for this account', 'notPermitted'],
  ['This symbol is restricted for this account', 'notPermitted'],
  ['This action is disabled on this account', 'notPermitted'],
  ['This account may not place or cancel orders', 'notPermitted'],
  ['Rest API trading is not enabled', 'notPermitted'],
  ['WebSocket API trading is not enabled', 'notPermitted'],
  ['Price * QTY is zero or less', 'badSize'],
  ['Invalid quantity', 'badSize'],
  ['Invalid price', 'badPrice'],
  ['Precision is over the maximum', 'badPrecision'],
  ['Unsupported order combination', 'badRequest'],
  ['This symbol does not allow the specified self-trade prevention mode', 'badRequest'],
]

/** `-2010` is every refusal of the engine, the duplicate among them: only a text that is known counts (13). */
const newOrderRefused = -2010

/** The words with which the venue says that an open order has this client order id (8). */
export const saysDuplicate = ({ message }: ErrorBody): boolean => message !== undefined && /duplicate order/i.test(message)

/** Why no order was made; undefined where that is not certain. */
export const refusalReason = ({ code, message = '' }: ErrorBody): RefusalReason | undefined => {
  if (code === undefined) return undefined
  const said = saidReason(message)
  return code === newOrderRefused ? said : byCode.has(code) ? (said ?? byCode.get(code)) : undefined
}

const saidReason = (message: string): RefusalReason | undefined => {
  if (message.startsWith(filterPrefix)) return byFilter[message.slice(filterPrefix.length).replace(/[^A-Z_].*$/s, '')] ?? 'other'
  return byText.find(([start]) => message.startsWith(start))?.[1]
}
