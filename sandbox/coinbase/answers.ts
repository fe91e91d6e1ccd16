/** What a handler answers; a string body is sent as plain text. */
export interface RestAnswer {
  readonly status: number
  readonly body: object | string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a handler is asked. `params` are the path's variable parts in order. */
export interface RestRequest {
  readonly params: readonly string[]
  readonly query: URLSearchParams
  readonly body: Readonly<Record<string, unknown>>
}

export function ok(body: object): RestAnswer {
  return { status: 200, body }
}

/** Error bodies of coinbase-advanced-trade.md 8. */
export function invalid(message: string): RestAnswer {
  return { status: 400, body: { error: 'INVALID_ARGUMENT', error_details: message, message } }
}

export function notFound(message: string): RestAnswer {
  return { status: 404, body: { error: 'NOT_FOUND', error_details: message, message } }
}

export const unauthorized: RestAnswer = { status: 401, body: 'Unauthorized' }
export const unknownPath: RestAnswer = { status: 404, body: { errors: [{ id: 'not_found', message: 'Not found' }] } }
export const tooMany: RestAnswer = { status: 429, body: { errors: [{ id: 'rate_limit_exceeded', message: 'Too many requests' }] } }
export const notPermitted: RestAnswer = { status: 403, body: { error: 'PERMISSION_DENIED', error_details: 'Missing required scopes', message: 'Missing required scopes' } }
export const gatewayPage: RestAnswer = { status: 502, body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>' }
export const venueTrouble: RestAnswer = { status: 503, body: { errors: [{ id: 'internal_server_error', message: 'Service unavailable' }] } }
