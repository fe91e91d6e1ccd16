#!/usr/bin/env node
// The entry that any Node can read: it finds a Node new enough to run the program, and hands over.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'src', 'app', 'main.ts')
const built = join(root, 'dist', 'src', 'app', 'main.js')
const main = existsSync(source) ? source : built

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const newEnough = major > 22 || (major === 22 && minor >= 18)

/** The Node that npm installed beside the program, if this platform has one. */
const ownNode = () => {
  const require = createRequire(import.meta.url)
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  try {
    const found = join(dirname(require.resolve(`${name}/package.json`)), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(found) ? found : undefined
  } catch {
    return undefined
  }
}

const handOver = (node) => {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`nightdesk: ${node} could not be started: ${error.message}`)
    process.exitCode = 69
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 70)
  })
}

if (newEnough) {
  module.enableCompileCache?.()
  await import(pathToFileURL(main).href)
} else {
  const node = ownNode()
  if (node !== undefined) handOver(node)
  else {
    console.error(`nightdesk needs Node 22.18 or later; this is ${process.versions.node}. Install a newer Node, or run "npm ci" again without --omit=optional.`)
    process.exitCode = 69
  }
}
