/** docs/guide.md can be walked: the steps of scripts/walk.ts, from the demo to a paper desk with a strategy of one's own. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '..', '..')

const walk = (): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['scripts/walk.ts'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
    child.once('close', (code) => resolve({ code, out, err }))
  })

test('a stranger comes from the demo to a paper desk that has traded by a strategy of their own', { timeout: 290_000 }, async () => {
  const { code, out, err } = await walk()
  expect(err).toBe('')
  expect(out.trim().split('\n').map((line) => line.replace(/^ *\d+\.\d s {2}/, ''))).toEqual([
    'demo, until one pair has closed', 'sandbox', 'init, for paper on the sandbox', 'a strategy of your own, and config check', 'doctor', 'run, until it answers', 'why',
    'run, until a pair has closed', 'inspect', 'pnl', 'stop', 'the whole walk, 11 steps',
  ])
  expect(code).toBe(0)
})
