/**
 * What kept the store shut: `missingBinaries` no server program for this machine, `busy` another program holds the
 * place longer than the bound, `cannotStart` the server ended or stayed silent, `badDirectory` the folder cannot hold
 * this cluster, `notPermitted` the operating system refuses this user.
 */
export type EmbeddedPostgresErrorKind = 'missingBinaries' | 'busy' | 'cannotStart' | 'badDirectory' | 'notPermitted'

/** One sentence for an operator: what failed, where, and how to mend it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly kind: EmbeddedPostgresErrorKind

  constructor(kind: EmbeddedPostgresErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** The operating system's short code (`ENOENT`, `EACCES` ...) of a thrown value, or an empty string. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** The message of a thrown value. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
