/** What commands print: tables for people, JSON for programs. Answers go to stdout, everything else to stderr. */
import { redact } from '../adapters/pino/redact.ts'

/** Writes one JSON object on one line. */
export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

export const printLine = (text: string): void => void process.stdout.write(`${text}\n`)
export const noteLine = (text: string): void => void process.stderr.write(`${redact(text)}\n`)

/** Tells a person at a terminal what must be in no log (I13); where nobody sits, it is not said. */
export const confide = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`)
}

/** Columns of text, each as wide as its widest cell. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** A moment as a person reads it: UTC, to the second. */
export const moment = (at: number | null | undefined): string =>
  at === null || at === undefined ? '-' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`
