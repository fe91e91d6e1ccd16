import { ApiError } from './api-error.ts'
import { cancel, readRestrictions, type Cancel } from './cancelling.ts'
import { readOrderName } from './finding.ts'
import type { Prepare } from './method.ts'
import { readNewOrder, type NewOrder } from './new-order.ts'
import { showCancelled, showPlaced } from './order-shapes.ts'
import { place } from './placing.ts'
import type { Venue } from './venue.ts'

type Half = { readonly body: unknown } | { readonly failure: ApiError }

interface Replacement {
  readonly cancel: Cancel
  readonly order: NewOrder
  readonly mode: 'STOP_ON_FAILURE' | 'ALLOW_FAILURE'
  readonly whenLimited: 'DO_NOTHING' | 'CANCEL_ONLY'
}

/** `POST /order/cancelReplace`: two steps and no transaction; filters were checked before either (binance-spot.md 5.3). */
export const cancelReplace: Prepare = (venue, parameters) => {
  parameters.need('cancelReplaceMode')
  const mode = parameters.word('cancelReplaceMode', ['STOP_ON_FAILURE', 'ALLOW_FAILURE']) ?? 'STOP_ON_FAILURE'
  const wish: Replacement = {
    cancel: {
      name: readOrderName(venue, parameters, 'cancelOrderId', 'cancelOrigClientOrderId'),
      cancelId: parameters.clientId('cancelNewClientOrderId') ?? venue.newClientId(),
      only: readRestrictions(parameters),
    },
    order: readNewOrder(venue, parameters),
    mode,
    whenLimited: parameters.word('orderRateLimitExceededMode', ['DO_NOTHING', 'CANCEL_ONLY']) ?? 'DO_NOTHING',
  }
  return () => replace(venue, wish)
}

function replace(venue: Venue, wish: Replacement): unknown {
  const counted = half(() => venue.orderLimit.take())
  if ('failure' in counted && wish.whenLimited === 'DO_NOTHING') throw counted.failure
  const cancelled = half(() => showCancelled(venue, cancel(venue, wish.cancel)))
  if ('failure' in cancelled && wish.mode === 'STOP_ON_FAILURE') throw outcome({ cancelled, placed: undefined, wish })
  const placed: Half = 'failure' in counted ? counted : half(() => showPlaced(venue, place(venue, wish.order), wish.order.responseType))
  if ('failure' in cancelled || 'failure' in placed) throw outcome({ cancelled, placed, wish })
  return { cancelResult: 'SUCCESS', newOrderResult: 'SUCCESS', cancelResponse: cancelled.body, newOrderResponse: placed.body }
}

function half(act: () => unknown): Half {
  try {
    return { body: act() }
  } catch (cause) {
    if (cause instanceof ApiError) return { failure: cause }
    throw cause
  }
}

interface Outcome {
  readonly cancelled: Half
  readonly placed: Half | undefined
  readonly wish: Replacement
}

/** The table of binance-spot.md 5.3: 409 when one half was done, 400 when none was, 429 when the order limit stood in the way of STOP_ON_FAILURE. */
function outcome({ cancelled, placed, wish }: Outcome): ApiError {
  const data = {
    cancelResult: 'failure' in cancelled ? 'FAILURE' : 'SUCCESS',
    newOrderResult: placed === undefined ? 'NOT_ATTEMPTED' : 'failure' in placed ? 'FAILURE' : 'SUCCESS',
    cancelResponse: shown(cancelled),
    newOrderResponse: placed === undefined ? null : shown(placed),
  }
  const isPartial = !('failure' in cancelled) || (placed !== undefined && !('failure' in placed))
  const isLimited = wish.mode === 'STOP_ON_FAILURE' && placed !== undefined && 'failure' in placed && placed.failure.code === -1015
  const status = isLimited ? 429 : isPartial ? 409 : 400
  return isPartial ? new ApiError(-2021, 'Order cancel-replace partially failed.', { status, data }) : new ApiError(-2022, 'Order cancel-replace failed.', { status, data })
}

function shown(one: Half): unknown {
  return 'failure' in one ? one.failure.body : one.body
}
