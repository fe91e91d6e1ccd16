/** Folders that go away with the file of tests that asked for them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const folders: string[] = []
// Hooks run last in, first out: what the tests have opened there is closed before.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

export const scratch = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-test-'))
  folders.push(folder)
  return folder
}
