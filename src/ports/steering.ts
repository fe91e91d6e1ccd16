/** A person's way to a running desk. */
import type { Command } from '../domain/command.ts'
import type { AuditRecord } from '../domain/records.ts'

export type CommandOutcome =
  /** `again`: it had been carried out before. */
  | { readonly kind: 'done'; readonly record: AuditRecord; readonly again: boolean }
  | { readonly kind: 'refused'; readonly detail: string }
  /** The store or the machine could not take it; nothing was changed. */
  | { readonly kind: 'failed'; readonly detail: string }

export interface Steerable {
  command(command: Command): Promise<CommandOutcome>
}
