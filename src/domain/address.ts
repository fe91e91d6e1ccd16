/** Where a durable actor lives: its kind and its id, as a plain path. */
export type ActorKind = 'order' | 'trade-pair' | 'desk' | 'account' | 'kill-switch' | 'breaker'
/** `order/<client order id>`, `trade-pair/<pair id>`, `breaker/<name>`, `desk`, `account` or `kill-switch`. */
export type Address = string

export const orderAddress = (clientOrderId: string): Address => `order/${clientOrderId}`
export const pairAddress = (pairId: string): Address => `trade-pair/${pairId}`
export const breakerAddress = (name: string): Address => `breaker/${name}`
export const deskAddress: Address = 'desk'
export const accountAddress: Address = 'account'
export const killSwitchAddress: Address = 'kill-switch'

/** The kind that an address names, or undefined when it names none. */
export const kindOf = (address: Address): ActorKind | undefined => {
  if (address === deskAddress) return 'desk'
  if (address === accountAddress) return 'account'
  if (address === killSwitchAddress) return 'kill-switch'
  const [kind, id] = address.split('/')
  return id !== undefined && id !== '' && (kind === 'order' || kind === 'trade-pair' || kind === 'breaker') ? kind : undefined
}
