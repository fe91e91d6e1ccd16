/** `alerts`: the catalogue of what people are told; `alerts test`: one notice over every channel. */
import { alertCodes, ruleOf } from '../../domain/alert-catalogue.ts'
import type { Notice } from '../../ports/notifier.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import { composeChannels, deskName } from '../alerts/compose-alerts.ts'
import { loadConfig } from '../config/load-config.ts'
import { printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'

/** Lists every alert: its severity, what it means, what to do. */
export const listAlerts = async ({ json }: { readonly json?: boolean }): Promise<ExitCode> => {
  if (json === true) for (const code of alertCodes) printJson({ code, ...ruleOf(code) })
  else printLine(table(['alert', 'severity', 'lasts', 'meaning'], alertCodes.map((code) => [code, ruleOf(code).severity, ruleOf(code).lasts ? 'until told' : '-', ruleOf(code).meaning])))
  return exitCodes.fine
}

/**
 * Sends one test notice over every channel, all at once, and says what came of each.
 * @returns 69 when one was not delivered
 * @throws Problem (78) when there is no channel, or one is set wrongly
 */
export const testAlerts = async ({ config: file, json }: { readonly config: string; readonly json?: boolean }): Promise<ExitCode> => {
  const config = loadConfig(file)
  const channels = composeChannels(config.alerts, process.env)
  if (channels.length === 0) throw new Problem(exitCodes.configuration, `${file}: alerts.channels names no channel, so nobody is told anything: add one (docs/alerts.md)`)
  const notice: Notice = { at: systemClock.now(), severity: 'warning', title: `${deskName(config)}: a test`, text: 'A test: alerts reach you on this channel. Nothing is to be done.', codes: [] }
  const outcomes = await Promise.all(
    channels.map(async ({ notifier, kind, least }) => {
      const began = systemClock.monotonic()
      const result = await notifier.deliver(notice)
      return { channel: notifier.name, kind, least, delivered: result.ok, detail: result.ok ? null : `${result.failure.kind}: ${result.failure.detail}`, tookMs: Math.round(systemClock.monotonic() - began) }
    }),
  )
  if (json === true) for (const outcome of outcomes) printJson(outcome)
  else printLine(table(['channel', 'kind', 'least', 'delivered', 'took', 'detail'], outcomes.map(({ channel, kind, least, delivered, detail, tookMs }) => [channel, kind, least, delivered ? 'yes' : 'no', `${tookMs} ms`, detail ?? '-'])))
  return outcomes.every(({ delivered }) => delivered) ? exitCodes.fine : exitCodes.unavailable
}
