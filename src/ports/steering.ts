/** A person's way to a running desk. */
import type { Command } from '../domain/command.ts'
import type { OrderRequest } from '../domain/order.ts'
import type { AuditRecord } from '../domain/records.ts'
import type { OrderPreview } from './venue.ts'

export type CommandOutcome =
  /** `again`: it had been carried out before. */
  | { readonly kind: 'done'; readonly record: AuditRecord; readonly again: boolean }
  | { readonly kind: 'refused'; readonly detail: string }
  /** The store or the machine could not take it; nothing was changed. */
  | { readonly kind: 'failed'; readonly detail: string }

/** What would become of an order. */
export interface Preview {
  /** The gate's denial, with its rule and numbers; null when it would let it pass. */
  readonly gate: { readonly rule: string; readonly detail: string } | null
  /** The venue's own word; null where it was not asked, or did not answer. */
  readonly venue: OrderPreview | null
  readonly venueFailed: string | null
}

export interface Steerable {
  preview(request: OrderRequest): Promise<Preview | undefined>
  command(command: Command): Promise<CommandOutcome>
}
