/** `why`: why the desk that runs here is, or is not, taking entries now. */
import type { WhyInspection } from '../../ports/inspection.ts'
import { askDesk } from '../ask-desk.ts'
import { moment, printJson, printLine } from '../output.ts'
import { exitCodes, type ExitCode } from '../problem.ts'

const line = (name: string, text: string): string => `${name.padEnd(12)} ${text}`

const lines = ({ trading, desk, kill, instruments, denials }: WhyInspection): readonly string[] => [
  line('trading', `${trading.state}${trading.because === null ? '' : `: ${trading.because}`}`),
  line('desk', `${desk.state}${desk.waitsBecause === null ? '' : `: ${desk.waitsBecause}`}`),
  ...(desk.pausedBecause === null ? [] : [line('paused', desk.pausedBecause)]),
  ...Object.entries(desk.hindrances).map(([what, detail]) => line('hindrance', `${what}: ${detail}`)),
  line('kill switch', kill.because ?? 'off'),
  ...instruments.flatMap(({ instrument, entries, because, status, price }) => [
    line(instrument, `${entries ? 'takes entries' : 'takes no entries'} (${status} at the venue; price ${price.state}${price.ageMs === null ? '' : `, ${price.ageMs} ms old`})`),
    ...because.map((sentence) => line('', sentence)),
  ]),
  ...denials.map(({ at, rule, instrument, side, times, detail }) => line('denied', `${moment(at)} ${side} ${instrument}, ${rule} (${times} times): ${detail}`)),
]

/**
 * Asks the desk that runs here.
 * @throws Problem when none runs, or it does not trade that instrument
 */
export const why = async (instrument: string | undefined, { json }: { readonly json?: boolean }): Promise<ExitCode> => {
  const answer = (await askDesk(`/api/why${instrument === undefined ? '' : `?instrument=${encodeURIComponent(instrument)}`}`)) as WhyInspection
  if (json === true) printJson(answer)
  else printLine(lines(answer).join('\n'))
  return exitCodes.fine
}
