/**
 * Reads vitest's JSON report: `node scripts/test-report.ts counts|files|failures REPORT`. Counts of passed and failed tests; the files
 * with a failure, one a line; or each failed test with its file and the beginning of what it said.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'

interface FileResult {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[]
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly FileResult[]
}

/** Lines of one failure that are worth reading twice. */
const lines = 12

const beginning = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, lines)
    .map((line) => `    ${line}`)

const nameOf = ({ name }: FileResult): string => path.relative(process.cwd(), name)

const failuresOf = (file: FileResult): readonly string[] => {
  const failed = file.assertionResults.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return [nameOf(file), ...beginning(file.message)]
  return failed.flatMap((test) => [`${nameOf(file)} > ${test.fullName}`, ...beginning(test.failureMessages.join('\n'))])
}

const [wanted = '', place = ''] = process.argv.slice(2)
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(place, 'utf8')) as Report
const failed = testResults.filter(({ status }) => status === 'failed')
const answers: Readonly<Record<string, () => readonly string[]>> = {
  counts: () => [`${numPassedTests} ${numFailedTests}`],
  files: () => failed.map(nameOf),
  failures: () => failed.flatMap(failuresOf),
}
for (const line of answers[wanted]?.() ?? []) process.stdout.write(`${line}\n`)
