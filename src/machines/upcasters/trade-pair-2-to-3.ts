/** Version 2 had one target and no stop, and a closing that only a person or the kill switch began. */
import { plainExit } from '../../domain/exits.ts'
import type { Upcaster } from './upcaster.ts'

export const tradePairFrom2: Upcaster = (context) => ({
  ...context,
  exit: plainExit,
  closing: context['closing'] === null ? null : { ...(context['closing'] as object), prices: 1, planned: false },
  calledOff: null,
  high: null,
  tightened: 0,
  overdue: false,
})
