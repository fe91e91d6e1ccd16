/** The page in a real Chromium on a real desk, which trades on the sandbox: what a person sees in a night. */
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readToken } from '../../src/app/token.ts'
import { startBrowser, type OwnBrowser } from '../http/browser.ts'
import { openPage, until, type OpenPage } from '../http/page-open.ts'
import { ownFolder, runToEnd, startDesk, startExchange, type Exchange, type RunningDesk } from '../support/program.ts'

const folder = ownFolder()
const home = path.join(folder.path, 'home')
let own: OwnBrowser
let exchange: Exchange
let desk: RunningDesk
let open: OpenPage

beforeAll(async () => {
  own = await startBrowser()
  exchange = await startExchange(folder.path, '--seed', '7')
  desk = await startDesk(exchange.config, home)
  open = await openPage(own.browser, `${desk.url}/`)
}, 120_000)

afterAll(async () => {
  await open.close()
  await own.close()
  desk.child.kill('SIGTERM')
  await desk.ended
  await exchange.stop()
  folder.remove()
}, 60_000)

interface Closed {
  readonly address: string
  readonly pairId: string
  readonly profit: string
}

const patience = 45_000

describe('a person who watches a desk', () => {
  test('sees a pair live from its buy to its sale', async () => {
    const { page, text } = open
    await until(async () => expect(await text('#desk-state')).toBe('trading'), patience)
    await until(async () => expect(await page.locator('#pairs tr.leads').count()).toBeGreaterThan(5), patience)
    const watched = new Map<string, string[]>()
    await until(async () => {
      for (const [key, state] of (await page.evaluate("[...document.querySelectorAll('#pairs tr.leads')].map((row) => [row.dataset.key, row.querySelector('.status').innerText])")) as [string, string][]) {
        const seen = watched.get(key) ?? []
        if (seen.at(-1) !== state) watched.set(key, [...seen, state])
      }
      const closed = (await page.evaluate("[...document.querySelectorAll('#closed tr.leads')].map((row) => row.dataset.key)")) as string[]
      const lived = closed.find((key) => watched.get(key)?.some((state) => state.startsWith('buying')) === true && watched.get(key)?.some((state) => state.startsWith('sell placed')) === true)
      expect([...watched.values()].length > 0 && lived !== undefined).toBe(true)
    }, patience)
    await until(async () => expect(await text('#closed')).toMatch(/BTC-USD .*\+0\.\d{4}/))
  }, 100_000)

  test('steps through the past of a pair that has closed, and sees that its journal leads to its row', async () => {
    const { page, text } = open
    const [closed] = (await desk.get('/api/trade-pairs?state=closed&limit=1')) as [Closed]
    await page.goto(`${desk.url}/#desk?${closed.address}`)
    await until(async () => expect(await text('#inspector .verdict-line')).toBe('lived again from its journal, it agrees with its row'))
    const slider = page.getByRole('slider', { name: 'Step of its past' })
    const last = Number(await slider.getAttribute('max'))
    expect(last).toBeGreaterThanOrEqual(4)
    await until(async () => expect(await text('#inspector .statechart .state.active:not(.frame) text')).toBe('closed'))
    await slider.focus()
    await page.keyboard.press('Home')
    await until(async () => expect(await text('.slider-label')).toMatch(new RegExp(`^step 1 of ${last + 1} .*created$`)))
    await until(async () => expect(await text('#inspector-now b')).toBe('buying, pending'))
    await until(async () => expect(await page.locator('#inspector .statechart .state.active').evaluateAll((nodes) => nodes.map((node) => (node as unknown as { id: string }).id))).toEqual(['state-buying', 'state-buying.pending']))
    const states = new Set<string>()
    for (let at = 0; at <= last; at++) {
      states.add(await text('#inspector-now b'))
      if (at < last) await page.getByRole('button', { name: 'A step on' }).click()
    }
    expect([...states]).toEqual(expect.arrayContaining(['buying, pending', 'sell placed, pending', 'closed']))
    await page.getByRole('button', { name: 'A step back' }).click()
    await until(async () => expect(await text('#inspector .changes')).toMatch(/→/))
    await page.getByRole('button', { name: 'Now' }).click()
    await until(async () => expect(await text('#inspector')).toContain('Waits for'))
    await page.keyboard.press('Escape')
  })

  test('finds the same on the command line, while the desk runs', async () => {
    const [closed] = (await desk.get('/api/trade-pairs?state=closed&limit=1')) as [Closed]
    const told = await runToEnd(['replay', closed.address], { NIGHTDESK_HOME: home })
    expect(told.out).toMatch(/1 +\S+ \S+ +created +- -> buying\.pending +\d+ names to remember/)
    expect(told.out).toMatch(/sold 0 -> 0\.\d+/)
    expect(told.out).toMatch(/It agrees: \d+ events lead to closed, as its row says\.\n$/)
    expect(told.code).toBe(0)
    const [order] = (await desk.get('/api/orders?limit=1')) as [{ address: string }]
    for (const address of ['desk', 'account', order.address]) {
      const { code, out } = await runToEnd(['replay', address, '--json', '--limit', '2'], { NIGHTDESK_HOME: home })
      expect(JSON.parse(out)).toMatchObject({ address, agrees: true, differences: [], from: 1 })
      expect(code).toBe(0)
    }
    expect((await runToEnd(['replay', 'order/nobody'], { NIGHTDESK_HOME: home })).code).toBe(1)
  }, 60_000)

  test('sees a lost link, the desk that waits meanwhile, and its recovery', async () => {
    const { page, text } = open
    await page.evaluate("window.seen = []; new MutationObserver(() => { const said = document.querySelector('#announce').innerText; if (window.seen.at(-1) !== said) window.seen.push(said) }).observe(document.querySelector('#announce'), { childList: true, characterData: true, subtree: true })")
    await exchange.fault({ name: 'refuseConnections', target: 'market', durationMs: 4_000 })
    await exchange.fault({ name: 'dropSockets', target: 'market' })
    await until(async () => expect(await text('#connections')).toMatch(/market (backing off|connecting), polling .*account live/))
    await until(async () => expect(await text('#connections')).toMatch(/market live .*account live/), patience)
    await until(async () => expect(await text('#desk-state')).toBe('trading'), patience)
    const seen: readonly string[] = await page.evaluate('window.seen')
    expect(seen.some((said) => /now (cut off|reconciling)/.test(said))).toBe(true)
    await until(async () => expect(await text('#connections tbody tr td:last-child')).toMatch(/^[1-9]\d*$/))
    await page.getByRole('link', { name: 'Reconciliations' }).click()
    await until(async () => expect(await text('#reconciliations')).toMatch(/(stream|link|connection|market|account)/))
    await page.getByRole('link', { name: 'Desk', exact: true }).click()
  }, 100_000)

  test('throws the kill switch with a reason, reads it in the audit log, and lifts it again', async () => {
    const { page, text } = open
    const dialogue = page.getByRole('dialog')
    const fill = async (reason: string): Promise<void> => {
      await dialogue.getByLabel('Reason', { exact: true }).fill(reason)
      if ((await dialogue.getByLabel('Token of this desk', { exact: true }).count()) > 0) await dialogue.getByLabel('Token of this desk', { exact: true }).fill(readToken(home) ?? '')
    }
    await page.getByRole('button', { name: 'Kill', exact: true }).click()
    await dialogue.getByLabel('Level', { exact: true }).selectOption('orders')
    await fill('smoke in the room')
    await dialogue.getByRole('checkbox').check()
    await dialogue.locator('button[type=submit]').click()
    await until(async () => expect(await text('dialog .outcome')).toMatch(/^Done: kill-switch is orders\.$/))
    await dialogue.getByRole('button', { name: 'Close' }).click()
    await until(async () => expect(await text('#desk-state')).toBe('halted'))
    await until(async () => expect(await page.locator('#orders tr.leads').count()).toBe(0), patience)
    await page.getByRole('link', { name: 'Why' }).click()
    await until(async () => expect(await text('#why')).toContain('smoke in the room'))
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByLabel('What', { exact: true }).selectOption('kill')
    await until(async () => expect(await text('#audit tbody')).toMatch(/kill page Kill switch new → orders smoke in the room/))
    await page.getByRole('link', { name: 'Desk', exact: true }).click()
    await page.getByRole('button', { name: 'Lift the kill' }).click()
    await fill('it was only toast')
    await dialogue.locator('button[type=submit]').click()
    await until(async () => expect(await text('dialog .outcome')).toMatch(/went from orders to quarter/))
    await dialogue.getByRole('button', { name: 'Close' }).click()
    await until(async () => expect(await text('#desk-tags')).toContain('quarter limits'))
    await until(async () => expect(await page.locator('#orders tr.leads').count()).toBeGreaterThan(0), patience)
  }, 100_000)

  test('looks at the market, with what was bought and sold on it', async () => {
    const { page } = open
    await page.getByRole('link', { name: 'Market' }).click()
    await until(async () => expect(await page.locator('#market .fill.buy').count()).toBeGreaterThan(0))
    await until(async () => expect(await page.locator('#market .fill.sell').count()).toBeGreaterThan(0))
    expect((await page.locator('#market .series.bid .line').getAttribute('d'))?.length).toBeGreaterThan(40)
  })

  test('and the page has complained of nothing all the while: no error, no violation of its policy', () => {
    expect(open.complaints).toEqual([])
  })
})
