import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Last prices in ticks by market, kept so that a restarted sandbox goes on from them. Unreadable or absent: none. */
export function readLastPrices(path: string): Record<string, number> {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && Number(entry[1]) > 0))
  } catch {
    return {}
  }
}

/** Replaces the file as a whole. */
export function writeLastPrices(path: string, prices: Readonly<Record<string, number>>): void {
  writeFileSync(`${path}.new`, JSON.stringify(prices))
  renameSync(`${path}.new`, path)
}
