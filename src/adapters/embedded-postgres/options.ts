/** The facts about machine and process that decide how the server runs; handed in by the caller. */
export interface Host {
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** Undefined where the platform has no user ids. */
  readonly uid: number | undefined
  /** The desk's own process id; it signs the start lock. */
  readonly pid: number
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How to open the embedded store. */
export interface EmbeddedPostgresOptions {
  /** The desk's data directory, absolute or relative. Everything lives in `<dataDir>/postgres`. */
  readonly dataDir: string
  readonly host: Host
  /** Milliseconds; only differences are used. */
  now(): number
  sleep(ms: number): Promise<void>
  /** `never` keeps a desk run by root from using a user namespace. Default `auto`. */
  readonly unshare?: 'auto' | 'never'
  /** `tcp` listens on a free loopback port even where Unix sockets work. Default `auto`. */
  readonly transport?: 'auto' | 'tcp'
  /** Where root keeps the cluster of a dedicated user; every folder above it must be open to all. Default `/var/lib/nightdesk-pg`. */
  readonly dedicatedRoot?: string
  /** How long a start, or the wait for a starting server, may last. Default 30 000. */
  readonly startTimeoutMs?: number
}

/** Numeric owner of processes and files. */
export interface Ids {
  readonly uid: number
  readonly gid: number
}
