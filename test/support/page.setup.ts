/** Before the tests: the page is built when its sources are newer than what was built of them. */
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../dashboard/', import.meta.url))
const changed = (name: string): number => statSync(path.join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
const below = (name: string): readonly string[] => readdirSync(path.join(folder, name), { recursive: true, encoding: 'utf8' }).map((inner) => path.join(name, inner))

export default (): void => {
  const sources = ['index.html', 'vite.config.ts', ...below('src'), ...below('public')]
  if (Math.max(...sources.map(changed)) > changed('dist/index.html')) execFileSync(process.execPath, [path.join(folder, 'build.js')], { stdio: 'inherit' })
}
