/** Commands from the page, in a real Chromium: confirmed, signed, sent once. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HttpServing } from '../../src/adapters/http/index.ts'
import { startBrowser, type OwnBrowser } from './browser.ts'
import { busyDesk, serve, type FakeDesk } from './fixture.ts'
import { openPage, until, type OpenPage } from './page-open.ts'

let own: OwnBrowser
beforeAll(async () => {
  own = await startBrowser()
}, 120_000)
afterAll(() => own.close())

let desk: FakeDesk
let http: HttpServing
let open: OpenPage
beforeEach(async () => {
  desk = busyDesk()
  http = await serve(desk)
  open = await openPage(own.browser, `${http.url}/`)
  await open.page.waitForSelector('#pairs tr.leads')
})
afterEach(async () => {
  await open.close()
  await http.close()
})

const dialogue = () => open.page.getByRole('dialog')
const field = (label: string) => dialogue().getByLabel(label, { exact: true })
const send = () => dialogue().locator('button[type=submit]')
const sign = async (reason: string, token = 'the-token'): Promise<void> => {
  await field('Reason').fill(reason)
  if ((await field('Token of this desk').count()) > 0) await field('Token of this desk').fill(token)
}

describe('a command', () => {
  test('is refused with a wrong token, in a sentence, and taken with the right one by the same dialogue', async () => {
    await open.page.getByRole('button', { name: 'Pause' }).click()
    await sign('lunch', 'guessed')
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toBe('That is not the token of this desk.'))
    expect(desk.commands).toEqual([])
    await field('Token of this desk').fill('the-token')
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toBe('Done: desk went from trading to paused.'))
    expect(desk.commands).toEqual([{ id: expect.stringMatching(/^page-[0-9a-f-]{36}$/) as string, kind: 'pause', reason: 'lunch', who: 'page' }])
    expect(open.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])
  })

  test('of a double click is sent once; another dialogue has another id', async () => {
    for (const reason of ['first', 'second']) {
      await open.page.getByRole('button', { name: 'Pause' }).click()
      await sign(reason)
      await send().dblclick()
      await until(async () => expect(await open.text('dialog .outcome')).toContain('Done'))
      await until(async () => expect(await send().count()).toBe(0))
      await dialogue().getByRole('button', { name: 'Close' }).click()
    }
    expect(desk.commands.map(({ reason }) => reason)).toEqual(['first', 'second'])
    expect(new Set(desk.commands.map(({ id }) => id)).size).toBe(2)
  })

  test('whose answer was lost is sent again with the same id', async () => {
    await open.page.getByRole('button', { name: 'Pause' }).click()
    await sign('the line is bad')
    let tries = 0
    await open.page.route('**/api/commands', (route) => (tries++ === 0 ? route.fetch().then(() => route.abort()) : route.continue()))
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toContain('sending again is safe'))
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toContain('Done'))
    expect(desk.commands).toHaveLength(2)
    expect(new Set(desk.commands.map(({ id }) => id)).size).toBe(1)
  })

  test('that was changed after an answer that did not come is another one, under an id of its own', async () => {
    await open.page.getByRole('button', { name: 'Kill' }).click()
    await sign('smoke')
    await field('Level').selectOption('entries')
    await dialogue().getByRole('checkbox').check()
    let tries = 0
    await open.page.route('**/api/commands', (route) => (tries++ === 0 ? route.fetch().then(() => route.abort()) : route.continue()))
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toContain('sending again is safe'))
    await field('Level').selectOption('flatten')
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toContain('Done'))
    expect(desk.commands.map((command) => 'level' in command && command.level)).toEqual(['entries', 'flatten'])
    expect(new Set(desk.commands.map(({ id }) => id)).size).toBe(2)
  })

  test('cannot be sent without a reason; a grave one not without a second look', async () => {
    await open.page.getByRole('button', { name: 'Kill' }).click()
    await until(async () => expect(await send().isDisabled()).toBe(true))
    await sign('smoke')
    await field('Level').selectOption('flatten')
    await until(async () => expect(await send().isDisabled()).toBe(true))
    await dialogue().getByRole('checkbox').check()
    await field('Reason').fill('  ')
    await until(async () => expect(await send().isDisabled()).toBe(true))
    await field('Reason').fill('smoke')
    await field('Your name').fill('ann')
    await send().click()
    await until(async () => expect(desk.commands).toMatchObject([{ kind: 'kill', level: 'flatten', reason: 'smoke', who: 'ann' }]))
  })

  test('that the desk refuses says why, in the desk’s own words, as text', async () => {
    desk.outcome = () => ({ kind: 'refused', detail: 'no: <b>held</b>' })
    await open.page.getByRole('button', { name: 'Pause' }).click()
    await sign('lunch')
    await send().click()
    await until(async () => expect(await open.text('dialog .outcome')).toBe('no: <b>held</b>'))
  })

  test('about a pair is offered where the pair is looked at, and names it', async () => {
    await open.page.locator('#pairs tr.leads', { hasText: 'sell placed' }).first().click()
    await open.page.getByRole('button', { name: 'Set target' }).click()
    await until(async () => expect(await open.text('dialog .fixed')).toBe('Pair p-0001'))
    await field('Price').fill('64300.5')
    await sign('a better price')
    await send().click()
    await until(async () => expect(desk.commands).toMatchObject([{ kind: 'set-target', pair: 'p-0001', price: '64300.5' }]))
  })

  test('to buy is typed whole, its target a number', async () => {
    await open.page.getByRole('button', { name: 'More…' }).click()
    await field('Command').selectOption('buy')
    await field('Instrument').selectOption('BTC-USD')
    await field('Quantity').fill('0.001')
    await field('Price').fill('60000')
    await field('Target, in basis points of the cost').fill('12.5')
    await sign('try')
    await send().click()
    await until(async () => expect(desk.commands).toMatchObject([{ kind: 'buy', instrument: 'BTC-USD', quantity: '0.001', price: '60000', targetBps: 12.5 }]))
  })
})

describe('the dialogue', () => {
  test('keeps the focus, is left with Escape, and gives the focus back; the inspector behind it stays', async () => {
    await open.page.locator('#pairs tr.leads').first().click()
    await open.page.waitForSelector('#inspector-now')
    await open.page.getByRole('button', { name: 'Pause' }).focus()
    await open.page.keyboard.press('Enter')
    await dialogue().waitFor()
    for (let steps = 0; steps < 12; steps++) {
      await open.page.keyboard.press('Tab')
      await until(async () => expect(await open.page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog') !== null")).toBe(true))
    }
    await open.page.keyboard.press('Escape')
    await until(async () => expect(await dialogue().count()).toBe(0))
    await until(async () => expect(await open.page.evaluate('document.activeElement.textContent')).toBe('Pause'))
    await until(async () => expect(await open.page.locator('#inspector').count()).toBe(1))
  })
})

test('a token in the address is kept for the tab and taken out of the address', async () => {
  const given = await openPage(own.browser, `${http.url}/#token=the-token`)
  expect(given.page.url()).toBe(`${http.url}/`)
  await given.page.getByRole('button', { name: 'Pause' }).click()
  await until(async () => expect(await given.page.getByRole('dialog').getByLabel('Token of this desk').count()).toBe(0))
  await given.page.getByRole('dialog').getByLabel('Reason').fill('lunch')
  await given.page.getByRole('dialog').locator('button[type=submit]').click()
  await until(async () => expect(desk.commands).toHaveLength(1))
  expect(given.complaints).toEqual([])
  await given.close()
})
