/** A page in the browser: opened, read, and everything that it complains about. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect, vi } from 'vitest'

export interface OpenPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors and warnings of the console, violations of the content policy among them, and errors that nobody caught. */
  readonly complaints: string[]
  /** What is written there, on one line. */
  readonly text: (selector: string) => Promise<string>
  close(): Promise<void>
}

export const desktop = { width: 1440, height: 900 } as const

/** Asks again and again until the check passes. */
export const until = (check: () => Promise<void>, timeout = 10_000) => vi.waitFor(check, { timeout, interval: 50 })

/** A page that was opened, whatever it shows. */
export const visitPage = async (browser: Browser, url: string, viewport: { readonly width: number; readonly height: number } = desktop): Promise<OpenPage> => {
  const context = await browser.newContext({ viewport })
  context.setDefaultTimeout(5_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (['error', 'warning'].includes(message.type()) && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  await page.goto(url)
  await page.waitForSelector('#link')
  const text = async (selector: string): Promise<string> => (await page.locator(selector).first().evaluate((node) => (node as unknown as { innerText?: string; textContent: string }).innerText ?? (node as unknown as { textContent: string }).textContent)).replace(/\s+/g, ' ').trim()
  return { page, context, complaints, text, close: () => context.close() }
}

/** A page that follows its desk. */
export const openPage = async (browser: Browser, url: string, viewport?: { readonly width: number; readonly height: number }): Promise<OpenPage> => {
  const open = await visitPage(browser, url, viewport)
  await until(async () => expect(await open.text('#link')).toBe('live'))
  return open
}
