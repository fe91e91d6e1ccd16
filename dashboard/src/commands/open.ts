/** Which dialogue is open. */
import { storeOf } from '../desk/store.ts'
import type { FieldName, Kind } from './catalogue.ts'

export interface Opened {
  readonly id: string
  /** Undefined until somebody has chosen. */
  readonly kind: Kind | undefined
  readonly fields: Readonly<Partial<Record<FieldName, string>>>
}

export const opened = storeOf<Opened | undefined>(undefined)

/** Sent twice, the same wish under the same id is carried out once; another wish needs another id. */
export const newId = (): string => `page-${window.crypto.randomUUID()}`

/** Opens the dialogue of a command; without a kind, the one that lets choose. */
export const openCommand = (kind: Kind | undefined, fields: Opened['fields'] = {}): void => opened.set({ id: newId(), kind, fields })

export const closeCommand = (): void => opened.set(undefined)

/** The id of an address, as its commands name it. */
export const fieldsFor = (address: string): Opened['fields'] => {
  const [kind = '', id = ''] = address.split('/')
  return { order: { order: id }, 'trade-pair': { pair: id }, breaker: { breaker: id } }[kind] ?? {}
}
