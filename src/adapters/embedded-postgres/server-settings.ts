import type { Address } from './address.ts'

const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_connections: '30',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
}

/** The server's arguments. On the command line they win over anything a file in the cluster says. */
export function serverArguments(address: Address): string[] {
  const listening: Record<string, string> =
    address.kind === 'socket'
      ? { listen_addresses: '', unix_socket_directories: quoted(address.dir), unix_socket_permissions: '0700' }
      : { listen_addresses: '127.0.0.1', unix_socket_directories: '' }
  const all = { ...SETTINGS, port: String(address.port), ...listening }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// The setting is a list: commas and spaces in a folder's name would split it.
function quoted(path: string): string {
  return `"${path.replaceAll('"', '""')}"`
}
