/** What people are told of a desk's starts and ends over many processes (src/app/alerts/life-rules.ts, life-file.ts). */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { LifeFile } from '../../src/app/alerts/life-file.ts'
import { mostKept, undelivered, weighLife, type LifeCode, type LifeNotices } from '../../src/app/alerts/life-rules.ts'
import { ownFolder } from '../support/program.ts'

const minute = 60_000
const second = 1_000

/** A desk's life, told from its begin; time goes on as it is told. */
const life = () => {
  let notices: LifeNotices = []
  let now = 1_000_000
  return {
    raise: (code: LifeCode, detail: string): string | undefined => {
      const weighed = weighLife(notices, code, detail, now)
      ;({ notices } = weighed)
      return weighed.told
    },
    wait: (ms: number): void => void (now += ms),
    lose: (): void => void (notices = undelivered(notices)),
    kept: (): number => notices.length,
  }
}

const away = 'the store cannot be reached'

describe('a start that is refused again and again', () => {
  test('is told once in ten minutes, with how many were kept back', () => {
    const desk = life()
    const told = Array.from({ length: 601 }, () => {
      const said = desk.raise('desk.cannotStart', away)
      desk.wait(2 * second)
      return said
    }).filter((one) => one !== undefined)
    expect(told).toEqual([away, `${away} (kept back meanwhile: 299 × desk.cannotStart)`, `${away} (kept back meanwhile: 299 × desk.cannotStart)`])
  })

  test('for another reason is told at once; of two reasons in turn each is told once', () => {
    const desk = life()
    const reasons = [away, 'the key is refused (401)', away, 'the key is refused (401)', 'the key is refused (403)']
    expect(reasons.map((reason) => desk.raise('desk.cannotStart', reason))).toEqual([away, 'the key is refused (401)', undefined, undefined, 'the key is refused (403) (kept back meanwhile: 2 × desk.cannotStart)'])
  })

  test('says the same whatever its process and its moment are called', () => {
    const desk = life()
    expect(desk.raise('desk.cannotStart', 'PostgreSQL process 41 did not start; its log says: 2026-11-21 23:47:54.123 UTC [41] FATAL: no')).toBeDefined()
    expect(desk.raise('desk.cannotStart', 'PostgreSQL process 977 did not start; its log says: 2026-11-21 23:48:10.008 UTC [977] FATAL: no')).toBeUndefined()
  })

  test('ends with a start that is told, however often that has been', () => {
    const desk = life()
    expect(desk.raise('desk.started', 'it runs (pid 1)')).toBe('it runs (pid 1)')
    for (let again = 0; again < 3; again++) {
      desk.raise('desk.cannotStart', away)
      desk.wait(second)
      expect(desk.raise('desk.started', `it runs (pid ${again})`)).toMatch(/^it runs/)
      desk.wait(second)
    }
  })
})

describe('a desk that starts and ends again and again', () => {
  test('tells each of both once in ten minutes', () => {
    const desk = life()
    const told: string[] = []
    for (let at = 0; at < 10 * minute - 5 * second; at += 5 * second) {
      for (const [code, detail] of [['desk.restarted', `it runs (pid ${at})`], ['desk.ended', 'an internal fault']] as const) if (desk.raise(code, detail) !== undefined) told.push(code)
      desk.wait(5 * second)
    }
    expect(told).toEqual(['desk.restarted', 'desk.ended', 'desk.restarted'])
  })

  test('after an end that was told, says that it runs: nobody is left to believe that it does not', () => {
    const desk = life()
    desk.raise('desk.started', 'it runs')
    desk.wait(5 * minute)
    desk.raise('desk.ended', 'the store did not come back')
    desk.wait(2 * second)
    expect(desk.raise('desk.started', 'it runs')).toBe('it runs')
    expect(desk.raise('desk.started', 'it runs')).toBeUndefined()
    expect(desk.raise('desk.ended', 'another process has taken this desk')).toBe('another process has taken this desk (kept back meanwhile: 1 × desk.started)')
  })
})

test('what reached nobody is told again after a minute, and not sooner', () => {
  const desk = life()
  desk.raise('desk.cannotStart', away)
  desk.lose()
  desk.wait(59 * second)
  expect(desk.raise('desk.cannotStart', away)).toBeUndefined()
  desk.wait(second)
  expect(desk.raise('desk.cannotStart', away)).toBe(`${away} (kept back meanwhile: 1 × desk.cannotStart)`)
})

test('a clock that was set back keeps nothing quiet', () => {
  const desk = life()
  desk.raise('desk.cannotStart', away)
  desk.wait(-second)
  expect(desk.raise('desk.cannotStart', away)).toBe(away)
})

test('however many sentences there are, a few are remembered, the latest', () => {
  const desk = life()
  for (let one = 0; one < 3 * mostKept; one++) expect(desk.raise('desk.cannotStart', `reason ${one} of many`)).toBeDefined()
  expect(desk.kept()).toBe(mostKept)
  expect(desk.raise('desk.cannotStart', `reason ${3 * mostKept - 1} of many`)).toBeUndefined()
})

describe('the file', () => {
  const inFolder = (check: (home: string, file: string) => void): void => {
    const folder = ownFolder()
    try {
      const home = path.join(folder.path, 'home')
      check(home, path.join(home, 'told.json'))
    } finally {
      folder.remove()
    }
  }
  const raise = (home: string, now = 1_000): string | undefined => new LifeFile(home, undefined).weigh('desk.cannotStart', away, now)

  test('carries what was told from one process to the next, for its owner alone, and says no sentence', () => {
    inFolder((home, file) => {
      expect([raise(home), raise(home), raise(home)]).toEqual([away, undefined, undefined])
      expect([statSync(file).mode & 0o777, readdirSync(home), readFileSync(file, 'utf8').includes('store')]).toEqual([0o600, ['told.json'], false])
      new LifeFile(home, undefined).noteUndelivered()
      expect(raise(home, 62_000)).toBe(`${away} (kept back meanwhile: 2 × desk.cannotStart)`)
    })
  })

  test.each(['', '{', '{}', '[{"code":"desk.started"}]', '[{"code":"kill.thrown","sentence":"00","at":1,"delivered":true,"keptBack":0}]', JSON.stringify(Array.from({ length: 100 }, () => 1)), `[${' '.repeat(20_000)}]`])('with %.40s in it costs the bound once, and is mended', (content) => {
    inFolder((home, file) => {
      mkdirSync(home)
      writeFileSync(file, content)
      expect([raise(home), raise(home)]).toEqual([away, undefined])
    })
  })

  test('that can be neither read nor written costs the bound, and the log says why', () => {
    inFolder((home, file) => {
      mkdirSync(file, { recursive: true })
      const lines: unknown[] = []
      const log = { debug: () => undefined, info: () => undefined, error: () => undefined, warn: (event: string, fields?: object) => void lines.push([event, fields]) }
      const told = [0, 1].map(() => new LifeFile(home, log).weigh('desk.cannotStart', away, 1_000))
      expect(told).toEqual([away, away])
      expect(lines).toEqual(Array.from({ length: 2 }, () => ['alerts.notKept', { detail: expect.stringMatching(/told\.json cannot be written \(\w+\): the next start may tell the same again$/) as unknown }]))
    })
  })
})
