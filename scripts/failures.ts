/** The failed tests of vitest's JSON report, each with its file and the beginning of what it said: `node scripts/failures.ts REPORT`. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[]
  }[]
}

/** Lines of one failure that are worth reading twice. */
const lines = 12

const beginning = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, lines)
    .map((line) => `    ${line}`)
    .join('\n')

const report = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Report
for (const file of report.testResults) {
  const name = path.relative(process.cwd(), file.name)
  const failed = file.assertionResults.filter(({ status }) => status === 'failed')
  for (const test of failed) process.stdout.write(`${name} > ${test.fullName}\n${beginning(test.failureMessages.join('\n'))}\n`)
  if (failed.length === 0 && file.status === 'failed') process.stdout.write(`${name}\n${beginning(file.message)}\n`)
}
