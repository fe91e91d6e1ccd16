/** The desk in figures, what keeps it back, and its alerts. */
import { openCommand } from '../commands/open.ts'
import type { Desk, Position } from '../desk/answers.ts'
import { bps, clockTime, duration, rounded, signed, stamp } from '../desk/format.ts'
import { inspect } from '../desk/route.ts'
import { words, type Tone } from '../desk/words.ts'

interface Figure {
  readonly title: string
  readonly value: string
  readonly hint?: string
  readonly tone?: Tone
}

const slowCommitMs = 1_000

const figuresOf = (desk: Desk, positions: readonly Position[], now: number): readonly Figure[] => {
  const { backlog } = desk
  const unrealised = positions.reduce((sum, { unrealised: one }) => sum + Number(one ?? 0), 0)
  return [
    { title: 'Open pairs', value: String(desk.openPairs) },
    { title: 'Live orders', value: String(desk.liveOrders) },
    { title: 'Exposure', value: rounded(desk.exposure, 2), hint: desk.exposure },
    { title: 'Unrealised', value: positions.length === 0 ? '–' : signed(unrealised, 2), hint: 'what is held now, at the bid, less what it cost' },
    { title: 'Journal', value: backlog.storeAway ? 'store away' : `${backlog.commitMs} ms · ${backlog.turns}`, hint: 'how long a commit takes · turns not yet committed', ...((backlog.storeAway || backlog.commitMs > slowCommitMs) && { tone: 'bad' as const }) },
    { title: 'Calls · deadlines', value: `${backlog.calls} · ${backlog.deadlines}`, hint: 'calls to the venue under way · deadlines that are set' },
    { title: 'Fees', value: `${bps(desk.fees.maker)} · ${bps(desk.fees.taker)}`, hint: 'maker · taker' },
    { title: 'Kill switch', value: words(desk.kill), ...(desk.kill !== 'off' && { tone: ['quarter', 'half', 'entries'].includes(desk.kill) ? ('wait' as const) : ('bad' as const) }) },
    { title: 'Running for', value: duration(now - desk.startedAt), hint: `start ${desk.starts}, epoch ${desk.epoch}, process ${desk.pid}` },
  ]
}

export const Figures = ({ desk, positions, now }: { readonly desk: Desk; readonly positions: readonly Position[]; readonly now: number }) => (
  <dl class="figures" id="figures" aria-label="The desk in figures">
    {figuresOf(desk, positions, now).map(({ title, value, hint, tone }) => (
      <div key={title} title={hint} data-tone={tone}>
        <dt>{title}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

const mostAlerts = 20
const severityTones: Readonly<Record<string, Tone>> = { critical: 'bad', error: 'bad', warning: 'wait', warn: 'wait' }

/** Tripped breakers, each with what ends it. */
const Breakers = ({ desk }: { readonly desk: Desk }) =>
  desk.breakers.length === 0 ? null : (
    <section class="panel notices" id="breakers" aria-labelledby="breakers-title">
      <h2 id="breakers-title">Breakers</h2>
      <ul>
        {desk.breakers.map(({ name, reason, ends, until }) => (
          <li key={name} data-tone="bad">
            <span class="lamp" aria-hidden="true" />
            <b>{name}</b>
            <span>
              {reason}; ends {until === null ? (ends === 'person' ? 'by a person' : `with the ${ends}`) : `at ${clockTime(until)}`}
            </span>
            <button type="button" onClick={() => inspect(`breaker/${name}`)}>
              Inspect
            </button>
            <button type="button" onClick={() => openCommand('reset-breaker', { breaker: name })}>
              Reset
            </button>
          </li>
        ))}
      </ul>
    </section>
  )

export const Notices = ({ desk }: { readonly desk: Desk }) => (
  <>
    <Breakers desk={desk} />
    <section class="panel notices" id="alerts" aria-labelledby="alerts-title">
      <h2 id="alerts-title">Alerts</h2>
      {desk.alerts.length === 0 ? (
        <p class="quiet">none</p>
      ) : (
        <ol tabIndex={0} aria-label="Alerts, newest first">
          {desk.alerts
            .slice(-mostAlerts)
            .toReversed()
            .map(({ at, severity, code, detail }) => (
              <li key={`${at} ${code} ${detail}`} data-tone={severityTones[severity] ?? 'calm'}>
                <span class="lamp" aria-hidden="true" />
                <time dateTime={stamp(at)} title={stamp(at)}>
                  {clockTime(at)}
                </time>
                <b>{words(code)}</b>
                <span>{detail}</span>
              </li>
            ))}
        </ol>
      )}
    </section>
  </>
)
