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
