/** The settings of alerts and of the log: what is wrong is one clear sentence, and secrets come from where they are named. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { redact } from '../../src/adapters/pino/redact.ts'
import { composeChannels, composeHeartbeat } from '../../src/app/alerts/compose-alerts.ts'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { logFolder, openLog } from '../../src/app/logging.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const instruments = { 'BTC-USD': { strategy: 'ladder', rungs: 2, spacingBps: 60, targetBps: 250, budgetQuote: '100' } }

const configWith = (alerts: unknown, more: object = {}) => {
  const file = path.join(folder, 'desk.yaml')
  writeFileSync(file, stringify({ environment: 'production', venue: { name: 'coinbase' }, instruments, alerts, ...more }))
  return loadConfig(file)
}
const channels = (channel: object, env: NodeJS.ProcessEnv = {}) => composeChannels(configWith({ channels: [channel] }).alerts, env)
const telegram = { kind: 'telegram', chat: '1' }
const email = { kind: 'email', host: 'mail.example.org', from: 'a@example.org', to: ['b@example.org'] }

describe('a wrong setting', () => {
  test.each([
    ['a kind that is none', { kind: 'pigeon' }, /alerts\.channels\.0\.kind must be of kind webhook, telegram, ntfy or email|must be of kind webhook/],
    ['a secret in the configuration itself', { ...telegram, token: 'x' }, /alerts\.channels\.0\.token is not a setting of nightdesk/],
    ['no secret at all', telegram, /alerts\.channels\.0\.token is missing: name a file with alerts\.channels\.0\.tokenFile or/],
    ['a secret in two places', { ...telegram, tokenFile: 'x', tokenEnv: 'X' }, /is set in more than one way: keep one of alerts\.channels\.0\.tokenFile and alerts\.channels\.0\.tokenEnv/],
    ['a file that is not there', { ...telegram, tokenFile: '/nowhere/token' }, /tokenFile names \/nowhere\/token, which cannot be read \(ENOENT\)/],
    ['a variable that is not set', { ...telegram, tokenEnv: 'NO_SUCH_TOKEN' }, /tokenEnv names the environment variable NO_SUCH_TOKEN, which is not set/],
    ['a level that is none', { ...telegram, least: 'loud' }, /alerts\.channels\.0\.least must be info, warning or critical/],
    ['a chat that is none', { ...telegram, chat: 'me and you' }, /alerts\.channels\.0\.chat must be a chat id in quotes/],
    ['a user in the address', { kind: 'webhook', url: 'https://me:secret@example.org/' }, /alerts\.channels\.0\.url must be an https:\/\/ address without a user or a password/],
    ['an address of another protocol', { kind: 'webhook', url: 'file:///etc/passwd' }, /alerts\.channels\.0\.url must be an https/],
    ['a server with a slash at its end', { kind: 'ntfy', server: 'https://ntfy.sh/', topic: 'x' }, /alerts\.channels\.0\.server must be the address of a server without a slash/],
    ['nobody to write to', { ...email, to: [] }, /alerts\.channels\.0\.to must name at least one/],
    ['two receivers in one', { ...email, to: ['a@example.org, b@example.org'] }, /must be an e-mail address/],
    ['a user without a password', { ...email, user: 'me' }, /alerts\.channels\.0 has a user and no password/],
  ])('%s is said in one sentence', (_what, channel, sentence) => {
    expect(() => channels(channel)).toThrow(expect.objectContaining({ code: 78, message: expect.stringMatching(sentence) as string }))
  })

  test('two channels of one name are told apart from nothing', () => {
    expect(() => configWith({ channels: [{ ...telegram, name: 'me' }, { ...email, name: 'me' }] })).toThrow('must each have a name of their own')
  })

  test('a secret that is no address is not quoted', () => {
    writeFileSync(path.join(folder, 'url'), 'planted-but-no-address\n')
    expect(() => channels({ kind: 'webhook', urlFile: path.join(folder, 'url') })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('planted') as string }))
  })

  test('a folder that the log cannot be written to is one sentence, at the start', () => {
    writeFileSync(path.join(folder, 'file'), '')
    const { log } = configWith({}, { log: { file: path.join(folder, 'file', 'logs') } })
    expect(() => openLog({ log, environment: 'production' }, folder, () => undefined)).toThrow(expect.objectContaining({ code: 78, message: expect.stringMatching(/^the log cannot be written to .*file\/logs \(ENOTDIR\): make room or correct its rights/) as string }))
  })
})

describe('a secret', () => {
  test('comes from a file or a variable, and is struck out of everything from then on', () => {
    writeFileSync(path.join(folder, 'url'), 'https://hooks.example.org/services/T000/planted-in-a-file\n')
    const made = composeChannels(configWith({ channels: [{ kind: 'webhook', urlFile: path.join(folder, 'url') }, { ...telegram, name: 'bot', least: 'critical', tokenEnv: 'BOT_TOKEN' }] }).alerts, { BOT_TOKEN: '99:planted-in-a-variable' })
    expect(made.map(({ notifier, kind, least }) => [notifier.name, kind, least])).toEqual([['webhook-1', 'webhook', 'warning'], ['bot', 'telegram', 'critical']])
    for (const text of ['https://hooks.example.org/services/T000/planted-in-a-file', 'POST /services/T000/planted-in-a-file HTTP/1.1', '/bot99:planted-in-a-variable/sendMessage', encodeURIComponent('99:planted-in-a-variable'), Buffer.from('99:planted-in-a-variable').toString('base64'), Buffer.from('99:planted-in-a-variable').toString('hex')]) {
      expect(redact(`before ${text} after`)).not.toMatch(/planted|OTk6|39393a/)
      expect(redact(`before ${text} after`)).toContain('[secret]')
    }
  })

  test('of the dead man is found likewise; without a ping there is none', () => {
    expect(composeHeartbeat(configWith({}).alerts, {})).toBeUndefined()
    expect(composeHeartbeat(configWith({ deadMan: { urlEnv: 'PING' } }).alerts, { PING: 'https://hc.example.org/planted-ping' })).toBeDefined()
    expect(() => composeHeartbeat(configWith({ deadMan: {} }).alerts, {})).toThrow('alerts.deadMan.url is missing')
  })
})

test('the log is in the data directory, in a folder of one’s own, or nowhere; next to a sandbox only where that is said', () => {
  const { log } = configWith({})
  expect(logFolder({ log, environment: 'production' }, '/home')).toBe('/home/logs')
  expect(logFolder({ log, environment: 'sandbox' }, '/home')).toBeUndefined()
  expect(logFolder({ log: { ...log, file: '/var/log/desk' }, environment: 'sandbox' }, '/home')).toBe('/var/log/desk')
  expect(logFolder({ log: { ...log, file: false }, environment: 'production' }, '/home')).toBeUndefined()
})
