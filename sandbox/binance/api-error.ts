/** A request that is answered with an error: `{code, msg}` and, where the venue has them, further `data` (binance-spot.md 13). */
export class ApiError extends Error {
  readonly status: number
  readonly code: number
  readonly data: unknown
  /** Seconds until the client may come again, on 429 and 418. */
  readonly retryAfterMs: number | undefined

  constructor(code: number, message: string, traits: { status?: number; data?: unknown; retryAfterMs?: number } = {}) {
    super(message)
    this.code = code
    this.status = traits.status ?? 400
    this.data = traits.data
    this.retryAfterMs = traits.retryAfterMs
  }

  /** The body of an HTTP answer, the `error` of a WebSocket API answer, the failed half of a cancel-replace. */
  get body(): { readonly code: number; readonly msg: string; readonly data?: unknown } {
    return { code: this.code, msg: this.message, ...(this.data === undefined ? {} : { data: this.data }) }
  }
}

const USE_STREAMS = 'Please use WebSocket Streams for live updates'

/** The errors the sandbox gives, in the words of binance-spot.md 13 (3.4 for the clock, 10 for the limits, 8 for client order ids). */
export const errors = {
  unknown: () => new ApiError(-1000, 'An unknown error occurred while processing the request.', { status: 500 }),
  notAuthorized: () => new ApiError(-1002, 'You are not authorized to execute this request.', { status: 401 }),
  tooMuchWeight: (limit: number, retryAfterMs: number) =>
    new ApiError(-1003, `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. ${USE_STREAMS} to avoid polling the API.`, { status: 429, retryAfterMs }),
  banned: (untilMs: number, retryAfterMs: number) =>
    new ApiError(-1003, `Way too much request weight used; IP banned until ${Math.floor(untilMs)}. ${USE_STREAMS} to avoid bans.`, { status: 418, retryAfterMs }),
  unexpectedResponse: () => new ApiError(-1006, 'An unexpected response was received from the message bus. Execution status unknown.', { status: 500 }),
  backendTimeout: () => new ApiError(-1007, 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.', { status: 408 }),
  filter: (name: string) => new ApiError(-1013, `Filter failure: ${name}`),
  selfTradeMode: () => new ApiError(-1013, 'This symbol does not allow the specified self-trade prevention mode.'),
  closed: () => new ApiError(-1013, 'Market is closed.'),
  tooManyOrders: (limit: number, per: string, retryAfterMs: number) =>
    new ApiError(-1015, `Too many new orders; current limit is ${limit} orders per ${per}.`, { status: 429, retryAfterMs }),
  unsupportedOperation: () => new ApiError(-1020, 'This operation is not supported.'),
  outsideWindow: () => new ApiError(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  aheadOfServer: () => new ApiError(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  badSignature: () => new ApiError(-1022, 'Signature for this request is not valid.'),
  illegal: (name: string, range: string) => new ApiError(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`),
  repeated: () => new ApiError(-1101, 'Duplicate values for a parameter detected.'),
  missing: (name: string) => new ApiError(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  neither: (one: string, other: string) => new ApiError(-1102, `Param '${one}' or '${other}' must be sent, but both were empty/null!`),
  unread: (read: number, sent: number) => new ApiError(-1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`),
  empty: (name: string) => new ApiError(-1105, `Parameter '${name}' was empty.`),
  notRequired: (name: string) => new ApiError(-1106, `Parameter '${name}' sent when not required.`),
  tooPrecise: (name: string) => new ApiError(-1111, `Parameter '${name}' has too much precision.`),
  noOrdersOnBook: () => new ApiError(-1112, 'No orders on book for symbol.'),
  badTimeInForce: () => new ApiError(-1115, 'Invalid timeInForce.'),
  badType: () => new ApiError(-1116, 'Invalid orderType.'),
  badSide: () => new ApiError(-1117, 'Invalid side.'),
  badInterval: () => new ApiError(-1120, 'Invalid interval.'),
  badSymbol: () => new ApiError(-1121, 'Invalid symbol.'),
  tooLong: (hours: number) => new ApiError(-1127, `More than ${hours} hours between startTime and endTime.`),
  badCombination: () => new ApiError(-1128, 'Combination of optional parameters invalid.'),
  badData: (name: string) => new ApiError(-1130, `Data sent for parameter '${name}' is not valid.`),
  windowTooLarge: () => new ApiError(-1131, 'recvWindow must be less than 60000'),
  badRestrictions: () => new ApiError(-1145, 'cancelRestrictions has to be either ONLY_NEW or ONLY_PARTIALLY_FILLED.'),
  repeatedSymbol: () => new ApiError(-1151, 'Symbol is present multiple times in the list.'),
  otherStatus: () => new ApiError(-1220, 'The symbol does not match the requested status.'),
  refused: (message: string) => new ApiError(-2010, message),
  notCancelled: (message = 'Unknown order sent.') => new ApiError(-2011, message),
  noOrder: () => new ApiError(-2013, 'Order does not exist.'),
  badKeyFormat: () => new ApiError(-2014, 'API-key format invalid.', { status: 401 }),
  badKey: () => new ApiError(-2015, 'Invalid API-key, IP, or permissions for action.', { status: 401 }),
  alreadySubscribed: () => new ApiError(-2035, 'User Data Stream subscription already active.'),
  notSubscribed: () => new ApiError(-2036, 'User Data Stream subscription not active.'),
  tooManySubscriptions: () => new ApiError(-2042, 'The maximum number of User Data Stream subscriptions has been reached.'),
  notAmended: (message: string) => new ApiError(-2038, message),
  otherOrder: () => new ApiError(-2039, 'Client order ID is not correct for this order ID.'),
} as const
