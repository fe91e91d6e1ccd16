/** Which dialogue is open. Each has an id of its own from the moment it opens: sent twice, it is carried out once. */
import { storeOf } from '../desk/store.ts'
import type { FieldName, Kind } from './catalogue.ts'

export interface Opened {
  readonly id: string
  /** Undefined until somebody has chosen. */
  readonly kind: Kind | undefined
  readonly fields: Readonly<Partial<Record<FieldName, string>>>
}

export const opened = storeOf<Opened | undefined>(undefined)

/** Opens the dialogue of a command; without a kind, the one that lets choose. */
export const openCommand = (kind: Kind | undefined, fields: Opened['fields'] = {}): void => opened.set({ id: `page-${window.crypto.randomUUID()}`, kind, fields })

export const closeCommand = (): void => opened.set(undefined)

/** The id of an address, as its commands name it. */
export const fieldsFor = (address: string): Opened['fields'] => {
  const [kind = '', id = ''] = address.split('/')
  return { order: { order: id }, 'trade-pair': { pair: id }, breaker: { breaker: id } }[kind] ?? {}
}
