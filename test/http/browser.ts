/** A real browser, unpacked from npm into a folder of its own that goes away with it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

export interface OwnBrowser {
  readonly browser: Browser
  close(): Promise<void>
}

/** Starts it with nothing relaxed but the sandbox, which needs rights that containers do not give. */
export const startBrowser = async (): Promise<OwnBrowser> => {
  const before = process.env['TMPDIR']
  const folder = mkdtempSync(join(tmpdir(), 'nightdesk-browser-'))
  process.env['TMPDIR'] = folder
  const restore = (): void => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  try {
    // Read where it unpacks itself when it is loaded: the folder must be set before.
    const { default: packed } = await import('@sparticuz/chromium')
    const executablePath = await packed.executablePath()
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], env: { ...process.env, HOME: folder } })
    return {
      browser,
      close: async () => {
        await browser.close()
        restore()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    restore()
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}
