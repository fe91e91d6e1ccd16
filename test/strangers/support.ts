/** What the tests with clients we did not write share. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** A CDP key file, as it is downloaded. */
export const keyOf = (keyFile: string): { readonly name: string; readonly privateKey: string } => JSON.parse(readFileSync(keyFile, 'utf8')) as { name: string; privateKey: string }

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Asks until the answer is right: look-ups lag behind what they are asked about, and strangers throw meanwhile. */
export const eventually = async <T>(ask: () => Promise<T>, right: (value: T) => boolean = () => true, withinMs = 10_000): Promise<T> => {
  const end = Date.now() + withinMs
  for (;;) {
    const answer = await ask().then((value) => ({ value }), (cause: unknown) => ({ cause }))
    if ('value' in answer && right(answer.value)) return answer.value
    if (Date.now() > end) {
      expect(answer).toBe('right in time')
    }
    await sleep(50)
  }
}

/** The HMAC pair beside the Ed25519 one. */
export const hmacKeyOf = (keyFile: string): { readonly apiKey: string; readonly secret: string } => {
  const { apiKey, secret } = JSON.parse(readFileSync(keyFile.replace(/\.json$/, '-hmac.json'), 'utf8')) as { apiKey: string; secret: string }
  return { apiKey, secret }
}
