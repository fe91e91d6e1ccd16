/** The page of a desk that others can reach, in a real Chromium: it asks for a token, and shows everything with the one that reads. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serveHttp, type HttpServing } from '../../src/adapters/http/index.ts'
import { startBrowser, type OwnBrowser } from './browser.ts'
import { busyDesk, event, optionsOf, type FakeDesk } from './fixture.ts'
import { until, visitPage, type OpenPage } from './page-open.ts'

let own: OwnBrowser
beforeAll(async () => {
  own = await startBrowser()
}, 120_000)
afterAll(() => own.close())

let desk: FakeDesk
let http: HttpServing
let open: OpenPage
/** Paths of what the page has asked for, with what it carried. */
let asked: { readonly path: string; readonly carried: string | undefined }[]
let refused: number

const serveOthers = async (port = 0, readToken = 'read-token'): Promise<HttpServing> =>
  serveHttp({ ...optionsOf(desk, port), remote: { names: ['desk.example'], readToken }, onRefused: () => { refused++ } })

const visit = async (hash = ''): Promise<void> => {
  open = await visitPage(own.browser, `${http.url}/${hash}`)
}

beforeEach(async () => {
  desk = busyDesk()
  refused = 0
  asked = []
  http = await serveOthers()
})
afterEach(async () => {
  await open.close()
  await http.close()
})

const dialogue = () => open.page.getByRole('dialog')
const offer = async (token: string): Promise<void> => {
  await dialogue().getByLabel('Token', { exact: true }).fill(token)
  await dialogue().getByRole('button', { name: 'Open' }).click()
}
const isLive = () => until(async () => expect(await open.text('#link')).toMatch(/^live/))
/** Refusals are in the browser's console whatever the page does about them. */
const complaints = (): readonly string[] => open.complaints.filter((complaint) => !complaint.includes('401'))
const watch = (): void => void open.page.on('request', (request) => asked.push({ path: new URL(request.url()).pathname, carried: request.headers()['authorization'] }))

describe('a page without a token', () => {
  test('asks for one, and has asked the desk once: nobody is told of an intruder, and nobody is told to wait', async () => {
    await visit()
    await until(async () => expect(await open.text('dialog h2')).toBe('A token of this desk'))
    expect(await open.text('#link')).toBe('waiting for a token')
    expect(open.complaints).toEqual([expect.stringContaining('401')])
    await open.page.keyboard.press('Escape')
    await open.page.keyboard.press('Escape')
    await until(async () => expect(await dialogue().count()).toBe(1))
    await open.page.goto(`${http.url}/#why`)
    await open.page.reload()
    await until(async () => expect(await dialogue().count()).toBe(1))
    expect(open.complaints).toHaveLength(2)
    expect(refused).toBe(0)
  })

  test('says that a wrong one is wrong, and asks again; with the one that reads it shows prices, follows the stream and keeps it for the tab', async () => {
    await visit()
    await offer('guessed')
    await until(async () => expect(await open.text('dialog .outcome')).toBe('That is not a token of this desk.'))
    await offer('schlüssel')
    await until(async () => expect(await open.text('dialog .outcome')).toBe('That is not a token of this desk.'))
    expect(refused).toBe(1)
    watch()
    await offer('read-token')
    await isLive()
    await until(async () => expect(await open.text('#prices')).toMatch(/BTC-USD 64\s251\.10 64\s251\.90/))
    expect(await dialogue().count()).toBe(0)
    desk.commit(event(4, { type: 'firstNews' }))
    await until(async () => expect(await open.text('#journal tbody')).toContain('first news'))
    expect(new Set(asked.map(({ carried }) => carried))).toEqual(new Set(['Bearer read-token']))
    expect(asked.map(({ path }) => path)).toContain('/debug/stream')
    await open.page.reload()
    await isLive()
    expect(complaints()).toEqual([])
  })

  test('whose address brings one takes it out at once; while it asks, too', async () => {
    await visit('#token=read-token')
    await isLive()
    expect(open.page.url()).toBe(`${http.url}/`)
    expect(open.complaints).toEqual([])
    await open.close()
    await visit()
    await until(async () => expect(await dialogue().count()).toBe(1))
    await open.page.goto(`${http.url}/#token=read-token`)
    await isLive()
    expect(open.page.url()).toBe(`${http.url}/`)
  })
})

describe('a page with the token that reads', () => {
  test('comes back after a cut, with its token, and goes on after the last event that it saw', async () => {
    await visit('#token=read-token')
    await isLive()
    desk.commit(event(4, { type: 'first' }))
    await until(async () => expect(await open.text('#journal tbody')).toContain('first'))
    const { port } = new URL(http.url)
    await http.close()
    await until(async () => expect(await open.text('#link')).not.toBe('live'))
    desk.commit(event(5, { type: 'whileAway' }))
    watch()
    http = await serveOthers(Number(port))
    await until(async () => expect(await open.text('#link')).toMatch(/^live, stream back (once|\d+ times)$/), 20_000)
    await until(async () => expect(await open.text('#journal tbody')).toMatch(/while away.*first/))
    await until(async () => expect(await open.page.locator('#journal tr.leads').count()).toBe(2))
    expect(await dialogue().count()).toBe(0)
    expect(asked.every(({ carried }) => carried === 'Bearer read-token')).toBe(true)
  }, 60_000)

  test('comes back after longer and longer pauses while the desk takes no more streams', async () => {
    await visit('#token=read-token')
    await isLive()
    const tries: number[] = []
    await open.page.route('**/debug/stream', (route) => {
      tries.push(performance.now())
      return route.fulfill({ status: 503, json: { error: '32 streams are open, and no more are served; close one' } })
    })
    const { port } = new URL(http.url)
    await http.close()
    http = await serveOthers(Number(port))
    await until(async () => expect(tries).toHaveLength(3), 20_000)
    const [first = 0, second = 0] = tries.slice(1).map((at, index) => at - (tries[index] ?? 0))
    expect(first).toBeGreaterThan(900)
    expect(second).toBeGreaterThan(1.5 * first)
    await open.page.unroute('**/debug/stream')
    await until(async () => expect(await open.text('#link')).toBe('live, stream back once'), 20_000)
  }, 60_000)

  test('takes a connection on which nothing comes any more for lost', async () => {
    await visit('#token=read-token')
    await open.page.clock.install()
    await isLive()
    desk.commit(event(4, { type: 'lastNews' }))
    await until(async () => expect(await open.text('#journal tbody')).toContain('last news'))
    watch()
    await open.page.clock.fastForward(44_000)
    expect(asked.filter(({ path }) => path === '/debug/stream')).toEqual([])
    await open.page.clock.fastForward(2_000)
    await until(async () => expect(await open.text('#link')).not.toBe('live'))
    await open.page.clock.fastForward(1_500)
    await until(async () => expect(await open.text('#link')).toBe('live, stream back once'))
    expect(asked.filter(({ path }) => path === '/debug/stream')).toHaveLength(1)
  }, 60_000)

  test('asks anew when the desk has another one, and goes on where it was', async () => {
    await visit('#token=read-token')
    await isLive()
    const { port } = new URL(http.url)
    await http.close()
    http = await serveOthers(Number(port), 'another-token')
    await until(async () => expect(await open.text('dialog .outcome')).toBe('That is not a token of this desk.'), 20_000)
    await offer('another-token')
    await until(async () => expect(await open.text('#link')).toMatch(/^live/), 20_000)
    expect(refused).toBeLessThan(10)
  }, 60_000)

  test('is told in one sentence that a command needs the other one, and goes on reading', async () => {
    await visit('#token=read-token')
    await isLive()
    await open.page.getByRole('button', { name: 'Pause' }).click()
    await dialogue().getByLabel('Reason', { exact: true }).fill('lunch')
    await dialogue().locator('button[type=submit]').click()
    await until(async () => expect(await open.text('dialog .outcome')).toBe('this token only reads: a command needs the one in the file "token" of the data directory'))
    await until(async () => expect(await open.text('#link')).toBe('live'))
    expect(desk.commands).toEqual([])
    await dialogue().getByLabel('Token of this desk', { exact: true }).fill('the-token')
    await dialogue().locator('button[type=submit]').click()
    await until(async () => expect(await open.text('dialog .outcome')).toBe('Done: desk went from trading to paused.'))
    await dialogue().getByRole('button', { name: 'Close' }).click()
    watch()
    await until(async () => expect(asked.at(-1)?.carried).toBe('Bearer the-token'))
    expect(complaints()).toEqual([])
  })
})
