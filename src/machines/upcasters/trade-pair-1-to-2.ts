/** Version 1 could only sell at its target: nobody could close a pair at once. */
import type { Upcaster } from './upcaster.ts'

export const tradePairFrom1: Upcaster = (context) => ({ ...context, closing: null })
