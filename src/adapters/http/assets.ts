/** The page's files: a fixed table, read once. No part of a request ever becomes part of a file's path. */
import { readFile } from 'node:fs/promises'

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const

/** Path of a URL -> file of the page and its kind. */
const table = [
  ['/', 'index.html', 'html'],
  ['/page.css', 'page.css', 'css'],
  ['/icon.svg', 'icon.svg', 'svg'],
  ['/page/main.js', 'main.js', 'js'],
  ['/page/api.js', 'api.js', 'js'],
  ['/page/chart.js', 'chart.js', 'js'],
  ['/page/closed.js', 'closed.js', 'js'],
  ['/page/desk.js', 'desk.js', 'js'],
  ['/page/dom.js', 'dom.js', 'js'],
  ['/page/feeds.js', 'feeds.js', 'js'],
  ['/page/format.js', 'format.js', 'js'],
  ['/page/inspector.js', 'inspector.js', 'js'],
  ['/page/journal.js', 'journal.js', 'js'],
  ['/page/live.js', 'live.js', 'js'],
  ['/page/orders.js', 'orders.js', 'js'],
  ['/page/pairs.js', 'pairs.js', 'js'],
  ['/page/table.js', 'table.js', 'js'],
  ['/page/words.js', 'words.js', 'js'],
] as const

/** One file of the page, ready to be sent. */
export interface Asset {
  readonly path: string
  readonly type: string
  readonly body: Buffer
}

const folder = new URL('../../../dashboard/', import.meta.url)

/** @throws when a file of the page is missing */
export const readAssets = async (): Promise<readonly Asset[]> =>
  Promise.all(table.map(async ([path, file, kind]) => ({ path, type: types[kind], body: await readFile(new URL(file, folder)) })))
