/** Log files on a real disk: rolled, kept, and never in the way of who writes. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepSecret } from '../../src/adapters/pino/redact.ts'
import { pinoFileLog } from '../../src/adapters/pino/pino-log.ts'
import { RollingFile } from '../../src/adapters/pino/rolling-file.ts'
import { filesOf, LogReader } from '../../src/app/log-files.ts'
import { ManualClock } from '../support/clock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-log-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (over: { maxBytes?: number; keep?: number; onTrouble?: (code: string | undefined) => void; folder?: string } = {}) => new RollingFile({ folder, name: 'nightdesk', maxBytes: 100, keep: 3, onTrouble: () => undefined, ...over })
const line = (number: number): string => `line ${String(number).padStart(3, '0')} ${'x'.repeat(20)}\n`

describe('a rolling file', () => {
  test('is rolled before a line would be too much, and so many files are kept', () => {
    const file = open()
    for (let number = 0; number < 30; number++) file.write(line(number))
    file.close()
    expect(filesOf(folder, 'nightdesk').map((one) => path.basename(one))).toEqual(['nightdesk.2.log', 'nightdesk.1.log', 'nightdesk.log'])
    const all = filesOf(folder, 'nightdesk').map((one) => readFileSync(one, 'utf8'))
    expect(all.every((text) => text.length <= 100 && text.endsWith('\n'))).toBe(true)
    expect(all.join('')).toBe(Array.from({ length: 9 }, (_, index) => line(21 + index)).join(''))
  })

  test('of one file alone keeps that one', () => {
    const file = open({ keep: 1 })
    for (let number = 0; number < 10; number++) file.write(line(number))
    file.close()
    expect(filesOf(folder, 'nightdesk')).toHaveLength(1)
    expect(readFileSync(path.join(folder, 'nightdesk.log'), 'utf8')).toBe(line(9))
  })

  test('goes on after a restart, and ends a line that a death has cut off', () => {
    appendFileSync(path.join(folder, 'nightdesk.log'), 'half a li')
    const file = open()
    file.write(line(1))
    file.close()
    expect(readFileSync(path.join(folder, 'nightdesk.log'), 'utf8')).toBe(`half a li\n${line(1)}`)
  })

  test('whose folder goes away tells it once, throws nothing, and writes again when it is back', () => {
    const told: (string | undefined)[] = []
    const file = open({ onTrouble: (code) => told.push(code), maxBytes: 40 })
    file.write(line(0))
    rmSync(folder, { recursive: true })
    for (let number = 1; number < 5; number++) file.write(line(number))
    expect(told).toEqual(['ENOENT'])
    folder = mkdtempSync(folder)
    expect(existsSync(folder)).toBe(true)
    file.close()
  })

  test('on a full disk tells it once, and lets its writer go on', { skip: !existsSync('/dev/full') }, async () => {
    const { symlinkSync, unlinkSync } = await import('node:fs')
    symlinkSync('/dev/full', path.join(folder, 'nightdesk.log'))
    const told: (string | undefined)[] = []
    const file = open({ onTrouble: (code) => told.push(code) })
    for (let number = 0; number < 5; number++) file.write(line(number))
    expect(told).toEqual(['ENOSPC'])
    unlinkSync(path.join(folder, 'nightdesk.log'))
    file.write(line(9))
    file.close()
    expect(told).toEqual(['ENOSPC', undefined])
    expect(readFileSync(path.join(folder, 'nightdesk.log'), 'utf8')).toBe(line(9))
  })
})

describe('a reader', () => {
  test('reads every line once, in order, however often the file is rolled between its looks', () => {
    const file = open({ keep: 50 })
    const reader = new LogReader(folder, 'nightdesk')
    const read: string[] = []
    for (let number = 0; number < 60; number++) {
      file.write(line(number))
      if (number % 17 === 0) read.push(...reader.lines())
    }
    read.push(...reader.lines())
    expect(read.map((one) => `${one}\n`)).toEqual(Array.from({ length: 60 }, (_, index) => line(index)))
    expect([...reader.lines()]).toEqual([])
    reader.close()
    file.close()
  })

  test('waits for the end of a line, and for a log that is not there yet', () => {
    const reader = new LogReader(folder, 'nightdesk')
    expect([...reader.lines()]).toEqual([])
    appendFileSync(path.join(folder, 'nightdesk.log'), 'first hä')
    expect([...reader.lines()]).toEqual([])
    appendFileSync(path.join(folder, 'nightdesk.log'), 'lf\n')
    expect([...reader.lines()]).toEqual(['first hälf'])
    reader.close()
  })
})

describe('the log in files', () => {
  const begin = () => {
    const clock = new ManualClock()
    const opened = pinoFileLog({ level: 'info', folder, maxFileBytes: 1_000_000, keepFiles: 3, clock, onTrouble: () => undefined })
    const lines = (name: string) => readFileSync(path.join(folder, `${name}.log`), 'utf8').split('\n').filter(Boolean).map((one) => JSON.parse(one) as Record<string, unknown>)
    return { ...opened, clock, lines }
  }

  test('has everything in one file and errors in another, without what is secret', () => {
    keepSecret('https://hooks.example/T0/planted')
    const { log, record, lines, close } = begin()
    log.debug('price.rejected')
    log.info('connection.moved', { to: 'live' })
    log.error('alert', { code: 'pair.held', detail: 'at https://hooks.example/T0/planted and aHR0cHM6Ly9ob29rcy5leGFtcGxlL1QwL3BsYW50ZWQ=' })
    record.info('transition', { address: 'desk', seq: 1 })
    close()
    expect(lines('nightdesk').map(({ event }) => event)).toEqual(['connection.moved', 'alert', 'transition'])
    expect(lines('errors')).toEqual([{ level: 'error', time: expect.any(String), code: 'pair.held', detail: 'at [secret] and [secret]', event: 'alert' }])
  })

  test('says the same thing sixty times a minute, and then how often it was repeated (PR-07)', async () => {
    const { log, record, clock, lines, close } = begin()
    for (let time = 0; time < 500; time++) log.warn('price.pollFailed', { kind: 'network', detail: `attempt ${time}`, took: time })
    for (let time = 0; time < 100; time++) log.warn('price.pollFailed', { kind: 'timeout' })
    for (let seq = 0; seq < 100; seq++) record.info('transition', { address: 'desk', seq })
    await clock.advance(60_000)
    log.warn('price.pollFailed', { kind: 'network', detail: 'a new minute' })
    close()
    const polls = lines('nightdesk').filter(({ event, kind }) => event === 'price.pollFailed' && kind === 'network')
    expect(polls).toHaveLength(62)
    expect(polls.at(-2)).toMatchObject({ detail: 'attempt 499', repeated: 440 })
    expect(polls.at(-1)).toMatchObject({ detail: 'a new minute' })
    expect(lines('nightdesk').filter(({ kind }) => kind === 'timeout').at(-1)).toMatchObject({ repeated: 40 })
    expect(lines('nightdesk').filter(({ event }) => event === 'transition')).toHaveLength(100)
  })
})
