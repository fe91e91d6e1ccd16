/** The page in a real Chromium, on a desk made by hand: what it shows, how it follows, how it is walked. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serveHttp, type HttpServing } from '../../src/adapters/http/index.ts'
import { price } from '../../src/domain/decimal.ts'
import { startBrowser, type OwnBrowser } from './browser.ts'
import { busyDesk, event, optionsOf, orderRow, pairRow, serve, type FakeDesk } from './fixture.ts'
import { openPage, until, type OpenPage } from './page-open.ts'

let own: OwnBrowser
beforeAll(async () => {
  own = await startBrowser()
}, 120_000)
afterAll(() => own.close())

let desk: FakeDesk
let http: HttpServing
let open: OpenPage | undefined
beforeEach(async () => {
  desk = busyDesk()
  http = await serve(desk)
})
afterEach(async () => {
  await open?.close()
  open = undefined
  await http.close()
})

const show = async (path = '/', viewport?: { width: number; height: number }): Promise<OpenPage> => {
  open = await openPage(own.browser, `${http.url}${path}`, viewport)
  return open
}

describe('the first view', () => {
  test('shows the desk, its prices, links, pairs, orders and results', async () => {
    desk.alerts = [{ at: Date.now(), severity: 'critical', code: 'pairHeld', detail: 'pair p-0003 is held' }]
    const { page, text, complaints } = await show()
    await until(async () => expect(await text('#desk-state')).toBe('trading'))
    await until(async () => expect(await text('#desk-tags')).toMatch(/live.*sandbox.*coinbase/))
    await until(async () => expect(await text('#figures')).toMatch(/Exposure 184\.20.*Journal 3 ms · 0.*Kill switch off/))
    await until(async () => expect(await text('#alerts')).toContain('pair p-0003 is held'))
    await until(async () => expect(await text('#prices')).toMatch(/BTC-USD 64\s251\.10 64\s251\.90/))
    await until(async () => expect(await text('#connections')).toMatch(/market live/))
    await until(async () => expect(await text('#pairs tbody')).toMatch(/^BTC-USD held sold 0 of 0\.0004/))
    await until(async () => expect(await page.locator('#pairs tr.leads').count()).toBe(3))
    await until(async () => expect(await page.locator('#orders tr.leads').count()).toBe(9))
    await until(async () => expect(await text('#closed')).toContain('−0.0189'))
    await until(async () => expect(await page.locator('#pairs .state[data-tone=bad]').count()).toBe(1))
    expect(complaints).toEqual([])
  })

  test('has its landmarks, one heading of the first order, and a name for every control', async () => {
    const { page } = await show()
    for (const role of ['banner', 'main', 'navigation'] as const) expect([role, await page.getByRole(role).count()]).toEqual([role, 1])
    await until(async () => expect(await page.locator('h1').count()).toBe(1))
    const nameless = await page.evaluate("[...document.querySelectorAll('button, input, select, textarea, a')].filter((node) => !(node.getAttribute('aria-label') ?? node.textContent ?? '').trim() && !node.closest('label')).length")
    expect(nameless).toBe(0)
  })

  test('says that the kill switch is thrown, by whom and why, and how far trading has come back', async () => {
    const { page, text } = await show()
    desk.kill = 'orders'
    desk.trading = { state: 'halted', because: 'kill switch (orders) by ann: smoke in the room' }
    await until(async () => expect(await text('#desk-state')).toBe('halted'))
    await until(async () => expect(await page.locator('#desk-state').getAttribute('title')).toBe('kill switch (orders) by ann: smoke in the room'))
    await until(async () => expect(await page.locator('#desk-state').getAttribute('data-tone')).toBe('bad'))
    await until(async () => expect(await text('#announce')).toBe('The desk is now halted. The kill switch is now: orders.'))
    desk.kill = 'quarter'
    desk.trading = { state: 'active', because: null }
    await until(async () => expect(await text('#desk-tags')).toContain('quarter limits'))
    await until(async () => expect(await text('#desk-state')).toBe('trading'))
  })

  test('shows tripped breakers with their numbers and what ends them', async () => {
    desk.breakers = [{ name: 'refusals:BTC-USD', instrument: 'BTC-USD', reason: 'the venue has refused 5 entries in a row', since: 1_000, ends: 'person', until: null }]
    const { text } = await show()
    await until(async () => expect(await text('#breakers')).toContain('refusals:BTC-USD the venue has refused 5 entries in a row; ends by a person'))
  })

  test('shows text from outside as text', async () => {
    const { page, text, complaints } = await show('/#desk?trade-pair/p-0001')
    await page.locator('summary', { hasText: 'Memory' }).click()
    await until(async () => expect(await text('#inspector details .facts')).toContain('<img src=x'))
    await until(async () => expect(await page.locator('#inspector img').count()).toBe(0))
    await until(async () => expect(await page.title()).toBe('Nightdesk'))
    expect(complaints).toEqual([])
  })
})

describe('the page follows the desk', () => {
  test('transitions, states, prices and the fallback, without drawing a row anew', async () => {
    const { page, text, complaints } = await show()
    const row = page.locator('tr[data-key="order/nd-k3f9-o-0009"]')
    const same = await row.elementHandle()
    desk.records.push(orderRow('nd-k3f9-o-0077', { price: '60000' }))
    const at = desk.records.findIndex((record) => record.address === 'order/nd-k3f9-o-0009')
    desk.records[at] = orderRow('nd-k3f9-o-0009', { state: 'cancelling', pair: 'p-0009' })
    desk.state = 'cutOff'
    desk.fallback = 'polling'
    desk.bid = '65000.5'
    desk.commit(event(4, { address: 'order/nd-k3f9-o-0009', type: 'cancelWanted', from: 'resolving', to: 'cancelling' }))
    await until(async () => expect(await text('#journal tbody')).toMatch(/Order cancel wanted cancelling/))
    await until(async () => expect(await row.innerText()).toContain('cancelling'))
    expect(await same?.evaluate((node) => (node as unknown as { isConnected: boolean }).isConnected)).toBe(true)
    await until(async () => expect(await page.locator('#orders tr.leads').count()).toBe(10))
    await until(async () => expect(await text('#desk-state')).toBe('cut off'))
    await until(async () => expect(await text('#connections')).toMatch(/account backing off, polling/))
    await until(async () => expect(await text('#prices')).toMatch(/65\s000\.50/))
    expect(complaints).toEqual([])
  })

  test('says so when the desk does not answer; when it does, its stream goes on after the last event it saw', async () => {
    const { page, text } = await show()
    desk.commit(event(4, { type: 'first' }))
    await until(async () => expect(await text('#journal tbody')).toContain('first'))
    const { port } = new URL(http.url)
    await http.close()
    await until(async () => expect(await text('#link')).toMatch(/^no answer for \d+ s$/))
    await until(async () => expect(await page.locator('[data-stale]').count()).toBe(1))
    await until(async () => expect(await text('#announce')).toBe('The desk does not answer.'))
    desk.commit(event(5, { type: 'whileAway' }))
    http = await serveHttp(optionsOf(desk, Number(port)))
    await until(async () => expect(await text('#link')).toMatch(/^live, stream back (once|\d+ times)$/))
    await until(async () => expect(await text('#journal tbody')).toMatch(/while away.*first/))
    await until(async () => expect(await page.locator('#journal tr.leads').count()).toBe(2))
    await until(async () => expect(await page.locator('[data-stale]').count()).toBe(0))
  })
})

describe('the inspector', () => {
  const focused = 'document.activeElement.closest("tr")?.dataset.key ?? document.activeElement.id'

  test('is opened, walked and closed with the keyboard alone', async () => {
    const { page, text } = await show()
    await page.locator('#orders button.open').first().focus()
    const first = await page.evaluate(focused)
    expect(first).toBe('order/nd-k3f9-o-0001')
    await page.keyboard.press('ArrowDown')
    await until(async () => expect(await page.evaluate(focused)).toBe('order/nd-k3f9-o-0002'))
    await page.keyboard.press('ArrowUp')
    await until(async () => expect(await page.evaluate(focused)).toBe(first))
    await page.keyboard.press('Enter')
    await until(async () => expect(await text('#inspector')).toMatch(/Order nd-k3f9-o-0001 .*partial for .*Waits for the market to reach its price .*look again: in \d+ .*Asked of the outside fetch fills .*cancel wanted/))
    await until(async () => expect(await page.evaluate('document.activeElement.id')).toBe('inspector-title'))
    await until(async () => expect(await page.locator('#inspector .timeline tbody tr').count()).toBe(3))
    await until(async () => expect(await text('#inspector .timeline tbody')).toMatch(/^3 \d\d:\d\d:\d\d fill booked partial/))
    await until(async () => expect(await text('#inspector .statechart .state.active:not(.frame) text')).toBe('partial'))
    expect(page.url()).toContain('#desk?order/nd-k3f9-o-0001')
    await page.keyboard.press('Escape')
    await until(async () => expect(await page.locator('#inspector').count()).toBe(0))
    await until(async () => expect(await page.evaluate(focused)).toBe(first))
  })

  test('follows its actor, the chart too', async () => {
    const { page, text } = await show('/#desk?order/nd-k3f9-o-0001')
    await until(async () => expect(await text('#inspector-now b')).toBe('partial'))
    const at = desk.records.findIndex((record) => record.address === 'order/nd-k3f9-o-0001')
    desk.records[at] = orderRow('nd-k3f9-o-0001', { state: 'filled', filled: '0.0004', side: 'sell', finished: true, seq: 4 })
    desk.commit(event(4, { address: 'order/nd-k3f9-o-0001', seq: 4, type: 'fillBooked', from: 'partial', to: 'filled' }))
    await until(async () => expect(await text('#inspector-now b')).toBe('filled'))
    await until(async () => expect(await page.locator('#inspector .timeline tbody tr').count()).toBe(4))
    await until(async () => expect(await text('#inspector .statechart .state.active text')).toBe('filled'))
  })

  test('says it when there is no such actor, and when its past is not what its row says', async () => {
    const { page, text } = await show('/#desk?order/gone')
    await until(async () => expect(await text('#inspector')).toContain('there never was an actor at order/gone'))
    await page.goto(`${http.url}/#desk?order/nd-k3f9-o-0001`)
    await until(async () => expect(await text('#inspector')).toContain('the journal does not hold the whole life of order/nd-k3f9-o-0001'))
  })

  test('of the desk itself is one click away', async () => {
    const { page, text } = await show()
    await page.locator('#desk-state').press('Enter')
    await until(async () => expect(await text('#inspector')).toMatch(/Desk desk .*trading/))
  })
})

describe('the other views', () => {
  test('a market: the line of the last hour, executions and what waits, each in a table too', async () => {
    desk.points = Array.from({ length: 120 }, (_, at) => ({ at: Date.now() - (120 - at) * 1_000, bid: price(String(64_250 + (at % 7))), ask: price(String(64_252 + (at % 7))) }))
    const { page, text, complaints } = await show('/#market')
    await until(async () => expect(await page.locator('#market .series.bid .line').getAttribute('d')).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){119}$/))
    await until(async () => expect(await page.locator('#market svg').getAttribute('aria-label')).toMatch(/^Bid and ask of BTC-USD in the last hour: bid 64251\.1, 9 prices that something waits for/))
    await until(async () => expect(await page.locator('#market .waits.target').count()).toBe(1))
    await until(async () => expect(await text('#market .halves')).toMatch(/target 64\s290\.00 6\.1 bps/))
    expect(complaints).toEqual([])
  })

  test('profit, by day and instrument', async () => {
    const { text } = await show('/#profit')
    await until(async () => expect(await text('#days')).toMatch(/2026-11-21 BTC-USD 3 67 % \+0\.1000 \+0\.5000/))
    await until(async () => expect(await text('#profit')).toMatch(/All instruments \+0\.5000/))
  })

  test('reconciliations, each difference in sentences, and only those of one outcome', async () => {
    const { page, text } = await show('/#reconciliations')
    await until(async () => expect(await text('#reconciliations')).toContain('filled at the venue as v-1, 0.001 of 0.001 executed'))
    await until(async () => expect(await page.locator('.run').count()).toBe(2))
    await page.getByLabel('Outcome').selectOption('agreed')
    await until(async () => expect(await page.locator('.run').count()).toBe(1))
  })

  test('the audit log, asked by what and about whom', async () => {
    const { page, text } = await show('/#audit')
    await until(async () => expect(await text('#audit tbody')).toMatch(/pause ann Desk trading → paused lunch/))
    await page.getByLabel('What', { exact: true }).selectOption('denial')
    await page.getByLabel('Pair', { exact: true }).fill('p-0001')
    await until(async () => expect(desk.auditQueries.at(-1)).toEqual({ limit: 500, kind: 'denial', pairId: 'p-0001' }))
  })

  test('why the desk takes no entries', async () => {
    desk.breakers = [{ name: 'drawdown', instrument: null, reason: 'too much was lost', since: 1, ends: 'period', until: null }]
    const { text } = await show('/#why')
    await until(async () => expect(await text('#why')).toMatch(/No\. drawdown is tripped: too much was lost .*BTC-USD not taken/))
    await until(async () => expect(await text('#denials')).toContain('310 would be bound, the limit is 300'))
  })

  test('are walked with links, and the browser goes back', async () => {
    const { page } = await show()
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.waitForSelector('#audit')
    await until(async () => expect(await page.getByRole('link', { name: 'Audit log' }).getAttribute('aria-current')).toBe('page'))
    await page.goBack()
    await page.waitForSelector('#pairs')
  })
})

describe('a thousand pairs', () => {
  test('are all there, a few dozen are drawn, and the page answers a click while they change', async () => {
    desk.records.length = 0
    const ids = Array.from({ length: 1_000 }, (_, at) => `p-${String(at).padStart(4, '0')}`)
    desk.records.push(...ids.map((id) => pairRow(id)))
    const { page, text, complaints } = await show()
    await until(async () => expect(await text('#pairs .count')).toBe('1000'))
    let position = 10
    const changing = setInterval(() => {
      const at = position % 1_000
      desk.records[at] = pairRow(ids[at] ?? '', { sold: '0.0001', since: Date.now() })
      for (let one = 0; one < 20; one++) desk.commit(event(++position, { address: `trade-pair/${ids[at]}` }))
    }, 20)
    try {
      await until(async () => expect(await page.locator('#pairs tr.leads').count()).toBeLessThan(60))
      await until(async () => expect(await page.locator('#pairs table').getAttribute('aria-rowcount')).toBe('1001'))
      const seen = new Set<string>()
      for (let top = 0; top <= 40_000; top += 700) {
        await page.locator('#pairs .scroll').evaluate((node, to) => void ((node as unknown as { scrollTop: number }).scrollTop = to), top)
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
        for (const key of (await page.evaluate("[...document.querySelectorAll('#pairs tr.leads')].map((row) => row.dataset.key)")) as string[]) seen.add(key)
      }
      expect(seen.size).toBe(1_000)
      await page.locator('#pairs button.open').last().click()
      await until(async () => expect(await text('#inspector-now b')).toContain('sell placed'))
    } finally {
      clearInterval(changing)
    }
    expect(complaints).toEqual([])
  }, 60_000)
})

test.each([360, 390])('on a phone %i wide nothing is wider than the screen', async (width) => {
  const { page, text, complaints } = await show('/', { width, height: 740 })
  await page.waitForSelector('#pairs tr.leads')
  for (const view of ['desk', 'market', 'profit', 'reconciliations', 'audit', 'why']) {
    await page.goto(`${http.url}/#${view}`)
    await page.waitForSelector('.panel')
    expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, width])
  }
  await page.goto(`${http.url}/#desk`)
  await page.locator('#pairs tr.leads').first().click()
  await until(async () => expect(await text('#inspector')).toContain('held'))
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  expect(complaints).toEqual([])
})
