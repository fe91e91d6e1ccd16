/** I13: no secret and no token in any log line, row or event. */
import type { Checker, Report } from './checker.ts'

/** The head of every JSON web token, and what follows it. */
const token = /eyJ[\w-]{10,}\.[\w-]+\./

export const secrets = (secret: string, report: Report): Checker => ({
  told: (what, text) => {
    if (text.includes(secret)) report('I13', `the key's secret is in ${what}`)
    if (text.includes('eyJ') && token.test(text)) report('I13', `a token is in ${what}`)
  },
})
