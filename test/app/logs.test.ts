/** `logs`, the program itself: what it shows, and that it follows the log over its rotations. */
import { appendFileSync, mkdirSync, renameSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownFolder, runToEnd, start, until } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let file: string
beforeEach(() => {
  folder = ownFolder()
  mkdirSync(path.join(folder.path, 'logs'))
  file = path.join(folder.path, 'logs', 'nightdesk.log')
})
afterEach(() => folder.remove())

const line = (event: string, level = 'info', fields: object = {}): string => `${JSON.stringify({ level, time: '2026-11-21T19:00:00.000Z', ...fields, event })}\n`
const rolled = (age: number): string => path.join(folder.path, 'logs', `nightdesk.${age}.log`)
const home = () => ({ NIGHTDESK_HOME: folder.path })

test('shows what is asked for: the severe, one actor, for people', async () => {
  appendFileSync(file, line('one') + line('two', 'warn', { address: 'order/nd1-P9-b1', detail: 'a = b' }) + line('three', 'error') + '{"cut o')
  const shown = async (...args: string[]) => (await runToEnd(['logs', ...args], home())).out
  expect((await shown()).split('\n').length).toBe(4)
  expect(await shown('--level', 'error')).toBe(line('three', 'error'))
  expect(await shown('--grep', 'trade-pair/P9', '--pretty')).toBe('2026-11-21 19:00:00.000Z WARN  two  address=order/nd1-P9-b1  detail="a = b"\n')
  expect((await runToEnd(['logs', '--level', 'loud'], home())).code).toBe(2)
})

test('follows what is added, over rotations, each line once, until it is interrupted', async () => {
  appendFileSync(file, line('first'))
  const following = start(['logs', '--follow'], home())
  let out = ''
  following.child.stdout?.on('data', (part: Buffer) => { out += part.toString() })
  expect(await following.firstLine).toContain('first')
  for (let round = 0; round < 3; round++) {
    appendFileSync(file, line(`before ${round}`))
    for (let age = round; age > 0; age--) renameSync(rolled(age), rolled(age + 1))
    renameSync(file, rolled(1))
    appendFileSync(file, line(`after ${round}`))
    await until(async () => out, (all) => all.includes(`after ${round}`))
  }
  following.child.kill('SIGINT')
  const { code } = await following.ended
  expect(code).toBe(0)
  for (let round = 0; round < 3; round++) for (const when of ['before', 'after']) expect(out.split(`${when} ${round}`)).toHaveLength(2)
})

test('says where there is none', async () => {
  const { code, err } = await runToEnd(['logs'], home())
  expect([code, err]).toEqual([66, expect.stringContaining('there is no log in')])
})
