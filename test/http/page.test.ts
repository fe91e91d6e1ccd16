import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HttpServing } from '../../src/adapters/http/index.ts'
import { startBrowser, type OwnBrowser } from './browser.ts'
import { busyDesk, event, noFigures, orderRow, serve, type FakeDesk } from './fixture.ts'

let own: OwnBrowser
beforeAll(async () => {
  own = await startBrowser()
}, 120_000)
afterAll(() => own.close())

let desk: FakeDesk
let http: HttpServing
let context: BrowserContext
let page: Page
let complaints: string[]

const open = async (viewport: { width: number; height: number }, path = '/'): Promise<void> => {
  context = await own.browser.newContext({ viewport })
  page = await context.newPage()
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  await page.goto(`${http.url}${path}`)
  await page.waitForSelector('#pairs-table tr[data-address]', { state: 'attached' })
}

const text = async (selector: string): Promise<string> => (await page.locator(selector).first().innerText()).replace(/\s+/g, ' ')
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 8_000, interval: 50 })

beforeEach(async () => {
  complaints = []
  desk = busyDesk()
  http = await serve(desk)
})
afterEach(async () => {
  await context.close()
  await http.close()
})

describe('a desk on the screen', () => {
  test('shows the desk, its prices, connections, pairs, orders and results', async () => {
    desk.alerts = [{ at: Date.now(), severity: 'critical', code: 'pairHeld', detail: 'pair p-0003 is held' }]
    await open({ width: 1440, height: 900 })
    expect(await text('#desk-state')).toBe('trading')
    expect(await text('#desk-tags')).toMatch(/live.*sandbox.*coinbase/)
    expect(await text('#figures')).toMatch(/Exposure 184\.20/)
    expect(await text('#alerts')).toContain('pair p-0003 is held')
    expect(await text('#prices-table')).toMatch(/BTC-USD 64\s251\.10 64\s251\.90/)
    expect(await text('#connections-table')).toMatch(/market live/)
    expect(await text('#pairs-table tbody')).toMatch(/BTC-USD held sold 0 of 0\.0004/)
    expect(await page.locator('#pairs-table tbody tr').count()).toBe(3)
    expect(await page.locator('#orders-table tbody tr').count()).toBe(9)
    expect(await text('#closed-table')).toContain('−0.0189')
    expect(await page.locator('#pairs-table td.status[data-tone=bad]').count()).toBe(1)
    await until(async () => expect(await text('#link')).toBe('live'))
    expect(complaints).toEqual([])
  })

  test('says that the kill switch is thrown, by whom and why, and how far trading has come back', async () => {
    await open({ width: 1440, height: 900 })
    await until(async () => expect(await text('#link')).toBe('live'))
    desk.kill = 'orders'
    desk.trading = { state: 'halted', because: 'kill switch (orders) by ann: smoke in the room' }
    await until(async () => expect(await text('#desk-state')).toBe('halted'))
    expect(await page.locator('#desk-state').getAttribute('title')).toBe('kill switch (orders) by ann: smoke in the room')
    expect(await page.locator('#desk-state').getAttribute('data-tone')).toBe('bad')
    expect(await text('#announce')).toBe('The desk is now halted.')
    desk.kill = 'quarter'
    desk.trading = { state: 'active', because: null }
    await until(async () => expect(await text('#desk-tags')).toContain('quarter limits'))
    expect(await text('#desk-state')).toBe('trading')
  })

  test('follows the desk: transitions, states, prices, fallback', async () => {
    await open({ width: 1440, height: 900 })
    await until(async () => expect(await text('#link')).toBe('live'))
    const row = page.locator('tr[data-key="order/nd-k3f9-o-0009"]')
    const same = await row.elementHandle()
    desk.records.push(orderRow('nd-k3f9-o-0077', { price: '60000' }))
    const at = desk.records.findIndex((record) => record.address === 'order/nd-k3f9-o-0009')
    desk.records[at] = orderRow('nd-k3f9-o-0009', { state: 'cancelling', pair: 'p-0009' })
    desk.state = 'cutOff'
    desk.fallback = 'polling'
    desk.bid = '65000.5'
    desk.commit(event(4, { address: 'order/nd-k3f9-o-0009', type: 'cancelWanted', from: 'resolving', to: 'cancelling' }))
    await until(async () => expect(await text('#journal-table tbody')).toMatch(/Order cancel wanted cancelling/))
    await until(async () => expect(await row.innerText()).toContain('cancelling'))
    expect(await same?.evaluate((node) => (node as unknown as { isConnected: boolean }).isConnected)).toBe(true)
    expect(await page.locator('#orders-table tbody tr').count()).toBe(10)
    expect(await text('#desk-state')).toBe('cut off')
    expect(await text('#announce')).toBe('The desk is now cut off.')
    expect(await text('#connections-table')).toMatch(/account backing off, polling/)
    expect(await text('#prices-table')).toMatch(/65\s000\.50/)
    expect(complaints).toEqual([])
  })

  test('says so when the desk does not answer, and goes on when it does', async () => {
    await open({ width: 1440, height: 900 })
    await until(async () => expect(await text('#link')).toBe('live'))
    const { port } = new URL(http.url)
    await http.close()
    await until(async () => expect(await text('#link')).toMatch(/^no answer for \d+ s$/))
    expect(await page.locator('body[data-stale]').count()).toBe(1)
    const { serveHttp } = await import('../../src/adapters/http/index.ts')
    const { systemClock } = await import('../../src/adapters/system/system-clock.ts')
    const { silent } = await import('./fixture.ts')
    http = await serveHttp({ inspection: desk.inspection(), steering: desk, metrics: noFigures, token: 'the-token', host: '127.0.0.1', port: Number(port), log: silent, clock: systemClock })
    await until(async () => expect(await text('#link')).toBe('live'))
    expect(await page.locator('body[data-stale]').count()).toBe(0)
  })

  test('shows text from outside as text', async () => {
    await open({ width: 1440, height: 900 }, '/#trade-pair/p-0001')
    await page.locator('summary', { hasText: 'Memory' }).click()
    await until(async () => expect(await text('#inspector .facts:last-child')).toContain('<img src=x'))
    expect(await page.locator('#inspector img').count()).toBe(0)
    expect(await page.title()).toBe('Nightdesk')
  })
})

describe('the inspector', () => {
  test('is opened, walked and closed with the keyboard alone', async () => {
    await open({ width: 1440, height: 900 })
    await page.locator('#orders-table tbody tr').first().focus()
    const first = await page.evaluate('document.activeElement.dataset.address')
    expect(first).toBe('order/nd-k3f9-o-0001')
    await page.keyboard.press('ArrowDown')
    expect(await page.evaluate('document.activeElement.dataset.address')).not.toBe(first)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await until(async () => expect(await text('#inspector')).toMatch(/Order nd-k3f9-o-0001 .*partial for .*Waits for the market to reach its price .*look again: in \d+ s .*cancel wanted/))
    expect(await page.evaluate('document.activeElement.id')).toBe('inspector-title')
    expect(await page.locator('#inspector .timeline tbody tr').count()).toBe(3)
    expect(await text('#inspector .timeline tbody')).toMatch(/^3 \d\d:\d\d:\d\d fill booked partial/)
    expect(await text('#inspector .chart [data-place=here]')).toBe('partial')
    expect(page.url()).toContain('#order/nd-k3f9-o-0001')
    await page.keyboard.press('Escape')
    expect(await page.locator('#inspector').isVisible()).toBe(false)
    expect(await page.evaluate('document.activeElement.dataset.address')).toBe(first)
    expect(complaints).toEqual([])
  })

  test('follows its actor', async () => {
    await open({ width: 1440, height: 900 }, '/#order/nd-k3f9-o-0001')
    await until(async () => expect(await text('#inspector .state b')).toBe('partial'))
    const at = desk.records.findIndex((record) => record.address === 'order/nd-k3f9-o-0001')
    desk.records[at] = orderRow('nd-k3f9-o-0001', { state: 'filled', filled: '0.0004', side: 'sell', finished: true })
    desk.commit(event(4, { address: 'order/nd-k3f9-o-0001', seq: 4, type: 'fillBooked', from: 'partial', to: 'filled' }))
    await until(async () => expect(await text('#inspector .state b')).toBe('filled'))
    expect(await page.locator('#inspector .timeline tbody tr').count()).toBe(4)
    expect(await text('#inspector .chart [aria-current=step]')).toBe('filled')
  })

  test('says it when there is no such actor', async () => {
    await open({ width: 1440, height: 900 }, '/#order/gone')
    await until(async () => expect(await text('#inspector-body')).toContain('there never was an actor at order/gone'))
  })

  test('the desk itself can be looked at', async () => {
    await open({ width: 1440, height: 900 })
    await page.locator('#desk-state').press('Enter')
    await until(async () => expect(await text('#inspector')).toMatch(/Desk desk .*trading/))
  })
})

test('on a phone nothing is wider than the screen', async () => {
  await open({ width: 360, height: 740 })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  await page.locator('#pairs-table tbody tr').first().click()
  await until(async () => expect(await text('#inspector')).toContain('held'))
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  expect(complaints).toEqual([])
})
