import { createServer } from 'node:http'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveHttp, type HttpServing } from '../../src/adapters/http/index.ts'
import { busyDesk, FakeDesk, optionsOf, serve } from './fixture.ts'
import { ask, speak } from './raw.ts'

let http: HttpServing
let port: string
beforeAll(async () => {
  http = await serve(busyDesk())
  ;({ port } = new URL(http.url))
})
afterAll(() => http.close())

describe('who may ask', () => {
  test('the three names of this machine, with the exact port (SE-01)', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect((await ask(http.url, { path: '/api/desk', headers: { host } })).status).toBe(200)
    }
  })

  test('a name that only leads here is refused, whatever the path (SE-03)', async () => {
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', `127.0.0.1:${port}.evil.example`, `0.0.0.0:${port}`]) {
      for (const path of ['/', '/health/live', '/api/desk', '/nowhere']) {
        const answer = await ask(http.url, { path, headers: { host } })
        expect([host, path, answer.status]).toEqual([host, path, 403])
        expect(JSON.parse(answer.text)).toEqual({ error: `this desk answers on its own address only: http://127.0.0.1:${port}/` })
      }
    }
  })

  test('none or two Host headers are refused', async () => {
    expect(await speak(http.url, 'GET /api/desk HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 403 /)
    expect(await speak(http.url, `GET /api/desk HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\n\r\n`)).toMatch(/^HTTP\/1.1 (400|403) /)
  })

  test('pages of other sites are refused, ours is not', async () => {
    for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${port}`, `http://127.0.0.1:${port}.evil.example`, 'http://127.0.0.1:1']) {
      expect((await ask(http.url, { path: '/api/desk', headers: { origin } })).status).toBe(403)
    }
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      expect((await ask(http.url, { path: '/api/desk', headers: { origin } })).status).toBe(200)
    }
  })
})

describe('what may be asked', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'])('%s is answered with 405 (SE-02)', async (method) => {
    const answer = await ask(http.url, { path: '/api/desk', method })
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toBe('GET')
    if (method !== 'HEAD') expect(JSON.parse(answer.text).error).toContain('only GET')
  })

  test('a body is refused', async () => {
    const answer = await ask(http.url, { path: '/api/desk', headers: { 'content-length': '2' }, body: '{}' })
    expect(answer.status).toBe(413)
  })

  test('bytes that are no HTTP get JSON and a closed connection', async () => {
    const heard = await speak(http.url, 'HELLO\r\n\r\n')
    expect(heard).toMatch(/^HTTP\/1.1 400 /)
    expect(heard).toContain('{"error":"that was not a readable HTTP request"}')
  })

  test('headers beyond their bound are refused', async () => {
    const heard = await speak(http.url, `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)
    expect(heard).toMatch(/^HTTP\/1.1 400 /)
  })
})

test('every answer carries the security headers, and none of them opens it to others (SE-18)', async () => {
  const asked = [{ path: '/' }, { path: '/api/desk' }, { path: '/nowhere' }, { path: '/api/orders?limit=0' }, { path: '/', headers: { host: 'evil.example' } }, { path: '/', method: 'POST' }]
  for (const one of asked) {
    const { headers } = await ask(http.url, one)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
})

describe('the files of the page', () => {
  const page = readFileSync(new URL('../../dashboard/dist/index.html', import.meta.url), 'utf8')
  const named = [...page.matchAll(/(?:href|src)="(\/[^"#]+)"/g)].map((match) => match[1] ?? '').filter((path) => !path.startsWith('/api/'))

  test('the page and everything it names are there, with their kinds', async () => {
    expect(await (await fetch(`${http.url}/`)).text()).toBe(page)
    expect(named.map((path) => path.split('.').at(-1) ?? '').toSorted()).toEqual(['css', 'css', 'js', 'svg'])
    for (const path of named) expect([path, (await fetch(`${http.url}${path}`)).status]).toEqual([path, 200])
    const script = await fetch(`${http.url}${named.find((path) => path.endsWith('.js')) ?? ''}`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  test('nothing of the page comes from elsewhere, and nothing in it is inline', async () => {
    for (const path of ['/', ...named]) {
      const text = await (await fetch(`${http.url}${path}`)).text()
      const addresses = [...text.matchAll(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"'`)]*/gi)].map(([address]) => address)
      expect([path, addresses.filter((address) => !address.includes('www.w3.org/'))]).toEqual([path, []])
      expect([path, /data:(?:font|image|text)/.test(text)]).toEqual([path, false])
    }
    expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)/)
  })

  test('no source of the page makes markup of text', () => {
    const folder = fileURLToPath(new URL('../../dashboard/src/', import.meta.url))
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
    expect(sources.length).toBeGreaterThan(20)
    for (const name of sources) expect([name, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/.test(readFileSync(path.join(folder, name), 'utf8'))]).toEqual([name, false])
  })

  test('where the page is not built, its address says so in one sentence, and all else is served', async () => {
    const bare = await serveHttp({ ...optionsOf(busyDesk()), page: '/nowhere/at/all/' })
    const answer = await fetch(`${bare.url}/`)
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^The page is not built: run "npm ci"/) as unknown])
    expect((await fetch(`${bare.url}/api/desk`)).status).toBe(200)
    await bare.close()
  })

  test.each(['/../package.json', '/..%2fpackage.json', '/assets/../../package.json', '/%2e%2e/%2e%2e/etc/passwd', '//etc/passwd', '/main.js/../../package.json'])('a path that leads out of the folder leads nowhere: %s (SE-11)', async (where) => {
    const { status, text } = await ask(http.url, { path: where })
    expect([404, 400]).toContain(status)
    expect(text).not.toContain('"dependencies"')
  })

  test.each(['/../package.json', '/page/../../package.json', '/page/%2e%2e/%2e%2e/package.json', '/page/..%2f..%2fpackage.json', '/assets/', '/assets', '/assets/%00', '/index.html', '/src/main.tsx', '/vite.config.ts', '/dashboard/build.js', '//etc/passwd', '/page\\..\\..\\package.json'])(
    'nothing else of the disk: %s',
    async (path) => {
      const answer = await ask(http.url, { path })
      expect([400, 404]).toContain(answer.status)
      expect(answer.text).not.toContain('nightdesk"')
    },
  )
})

describe('where it listens', () => {
  test('a port in use is refused with the code of the system', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve))
    const taken = (other.address() as AddressInfo).port
    await expect(serveHttp(optionsOf(new FakeDesk(), taken))).rejects.toMatchObject({ code: 'EADDRINUSE' })
    other.close()
  })

  test('localhost is one address', async () => {
    const named = await serveHttp({ ...optionsOf(new FakeDesk()), host: 'localhost' })
    expect(named.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await named.close()
  })
})
