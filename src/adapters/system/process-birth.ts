/** What tells a process from a later one with the same id. */
import { readFileSync } from 'node:fs'

/**
 * The boot that the process belongs to and its start in clock ticks since then; undefined where the platform does not say, or
 * the process is not to be seen. Source: proc_pid_stat(5), field 22, and /proc/sys/kernel/random/boot_id in proc(5).
 */
export const birthOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces and brackets; what is behind the last one begins with field 3.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${started ?? ''}`
  } catch {
    return undefined
  }
}
