/** What a start tells the actors of the rows that it found, before anything is traded (desk.ts Z1). */
import { deskAddress, pairAddress } from '../domain/address.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { ActorRecord } from '../domain/records.ts'
import type { Alarm } from './alarm.ts'
import type { Alerts } from './alerts.ts'
import type { Breakers } from './breakers/breakers.ts'
import { DeskCannotStart, type DeskOptions } from './desk-options.ts'
import { awakening, type Ready } from './start-up.ts'
import type { Steering } from './steering.ts'
import type { Message } from './turn.ts'

export interface RecoveryParts {
  readonly options: DeskOptions
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly alarm: Alarm
  readonly alerts: Alerts
  readonly breakers: Breakers
  readonly steering: Steering
  readonly ask: (message: Message) => Promise<'committed' | 'quarantined'>
}

/**
 * Resolves when every actor has taken its part. The view knows the rows already.
 * @throws DeskCannotStart when the desk's own row cannot be continued, or what waits for the start cannot be carried out
 */
export const recover = async ({ rows, broken, delisted }: Ready, parts: RecoveryParts): Promise<void> => {
  const { options, instruments, alarm, alerts, breakers, ask } = parts
  for (const id of delisted) alerts.raise({ code: 'instrument.delisted', subject: id, detail: `${id} is not listed at the venue any more: its open pairs wait, and nothing is traded on it` })
  for (const deadline of rows.deadlines) alarm.set(deadline)
  const first = !rows.actors.some((record) => record.address === deskAddress)
  const taken = await ask({ to: deskAddress, ...(first && { create: {} }), event: { type: 'restarted', policy: options.tuning.restarts } as Message['event'] })
  if (taken !== 'committed') throw new DeskCannotStart('configuration', 'the desk\'s own row could not be continued: see the log for why, and start the program that wrote it')
  await Promise.all(breakers.awakening(rows.actors).map((message) => awaken(message, parts)))
  await carryOut(parts)
  for (const { record, detail } of broken) await holdBroken(record, detail, parts)
  await Promise.all(rows.actors.flatMap((record) => awakening(record, alarm.namesOf(record.address), instruments)).map((message) => ask(message)))
}

/** What waited is carried out, or nothing is: a desk that was to be stopped does not trade because stopping it failed. */
const carryOut = async ({ options, steering }: RecoveryParts): Promise<void> => {
  for (const command of (await options.commandsAtStart?.()) ?? []) {
    const outcome = await steering.command(command)
    if (outcome.kind !== 'done') throw new DeskCannotStart('commandNotTaken', `the ${command.kind} that waits for this start ("${command.reason}", ${command.id}) could not be carried out, so nothing is traded: ${outcome.detail}`)
  }
}

/** A breaker whose row nothing could mend may have been tripped: entries wait for a person. */
const awaken = async (message: Message, { ask }: RecoveryParts): Promise<void> => {
  if ((await ask(message)) === 'committed') return
  const detail = 'its row could not be continued, so what it has counted is not known: see the log'
  await ask({ to: deskAddress, event: { type: 'hindered', what: message.to, detail } as Message['event'] })
}

/** A row that nothing could mend: its pair waits for a person, the others go on. */
const holdBroken = async ({ address, order }: ActorRecord, detail: string, { alerts, ask }: RecoveryParts): Promise<void> => {
  alerts.raise({ code: 'row.broken', subject: address, detail: `${address} cannot be continued: ${detail}` })
  if (order !== undefined) await ask({ to: pairAddress(order.pairId), event: { type: 'hold', reason: `${address} cannot be continued: ${detail}` } as Message['event'] })
}
