/** What a process that runs a desk tells people, from before the desk is there until after it has ended: its log, its alerts, its ping. */
import { DeadMan, stuckBecause, type Wellness } from '../../actors/alerting/dead-man.ts'
import type { DeskEnd } from '../../actors/desk.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import { ruleOf, type AlertCode } from '../../domain/alert-catalogue.ts'
import { noAlertSink, type AlertSink } from '../../ports/alerts.ts'
import type { Heartbeat } from '../../ports/notifier.ts'
import type { Log } from '../../ports/log.ts'
import type { Config } from '../config/schema.ts'
import { openLog, type OpenLog } from '../logging.ts'
import { Problem } from '../problem.ts'
import { composeAlerting, composeHeartbeat } from './compose-alerts.ts'
import { LifeFile } from './life-file.ts'
import type { LifeCode } from './life-rules.ts'

/** How long what waits may take to go out once the process ends. */
const lastWordsMs = 3_000
const levels = { info: 'info', warning: 'warn', critical: 'error' } as const

export class Messenger {
  readonly sink: AlertSink
  readonly log: OpenLog['log']
  readonly record: OpenLog['record']
  readonly #close: () => Promise<void>
  readonly #life: LifeFile
  readonly #heartbeat: { readonly heartbeat: Heartbeat; readonly everyMs: number } | undefined
  #deadMan: DeadMan | undefined
  #hasStarted = false
  /** The process ends with something to tell. */
  #hasLastWord = false

  /**
   * Opens the log and the channels; nothing is sent.
   * @throws Problem (78)
   */
  constructor(config: Config, home: string) {
    // The files come first, and may be in trouble before there is anybody to tell.
    let sink = noAlertSink
    const opened = openLog(config, home, (code) => tellOfFiles(sink, code))
    const { log } = opened
    this.log = log
    this.record = opened.record
    const heartbeat = composeHeartbeat(config.alerts, process.env)
    this.#heartbeat = heartbeat && { heartbeat, everyMs: config.alerts.deadMan?.everyMs ?? 0 }
    const alerting = composeAlerting(config, log)
    alerting.start()
    sink = alerting
    this.sink = alerting
    // A start that is refused ends with its sentence on standard error, and with nothing else.
    this.#life = new LifeFile(home, opened.record)
    this.#close = async () => {
      const wasHeard = await alerting.close(lastWordsMs)
      if (this.#hasLastWord && !wasHeard) this.#life.noteUndelivered()
      opened.close()
    }
  }

  /** Something that the desk itself knows nothing of. */
  raise(code: AlertCode, detail: string): void {
    note(this.log, code, detail)
    this.sink.raise({ code, at: systemClock.now(), detail })
  }

  /** A start or an end: in the log each time, and told unless the process before has told the same. */
  #raiseLife(log: Log | undefined, code: LifeCode, detail: string): void {
    note(log, code, detail)
    const at = systemClock.now()
    const told = this.#life.weigh(code, detail, at)
    if (told !== undefined) this.sink.raise({ code, at, detail: told })
    this.#hasLastWord = told !== undefined && (code === 'desk.ended' || code === 'desk.cannotStart')
  }

  /** The desk is there: says so, and pings while it is well. */
  started(how: 'desk.started' | 'desk.restarted', detail: string, wellness: () => Wellness): void {
    this.#hasStarted = true
    this.#raiseLife(this.log, how, detail)
    if (this.#heartbeat === undefined) return
    this.#deadMan = new DeadMan({ ...this.#heartbeat, stuck: () => stuckBecause(wellness()), sink: this.sink, clock: systemClock, log: this.log })
    this.#deadMan.start()
  }

  ended(end: DeskEnd, detail: string): void {
    this.#deadMan?.stop()
    if (end === 'stopped') this.raise('desk.stopped', detail)
    else this.#raiseLife(this.log, 'desk.ended', detail)
  }

  /** A start that came to nothing. Only a sentence that was made for people is told: an unknown error's words may hold anything. */
  failed(error: unknown): void {
    this.#deadMan?.stop()
    const detail = error instanceof Problem ? error.message : 'an internal fault: see the log'
    // On standard error the command ends with that very sentence, and with nothing else.
    this.#raiseLife(this.record, this.#hasStarted ? 'desk.ended' : 'desk.cannotStart', detail)
  }

  /** Lets the last words out, within a bound. */
  close(): Promise<void> {
    return this.#close()
  }
}

const note = (log: Log | undefined, code: AlertCode, detail: string): void => log?.[levels[ruleOf(code).severity]]('alert', { code, detail })

const tellOfFiles = (sink: AlertSink, code: string | undefined): void => {
  const key = { code: 'log.unwritable', at: systemClock.now() } as const
  if (code === undefined) sink.clear(key)
  else sink.raise({ ...key, detail: `log files cannot be written (${code}); standard error still has every line` })
}
