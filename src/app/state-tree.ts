/** A chart in the terminal: its states as a tree with the active one marked, and the road that the history took through it. */
import type { Chart } from '../machines/chart.ts'

export interface Terminal {
  /** Columns; nothing is written beyond them. */
  readonly width: number
  readonly colour: boolean
}

/** What is assumed where nobody says how wide it is. */
const usualWidth = 100
const narrowest = 40
/** Colour is for people at a terminal who have not said no to it (no-color.org). */
export const terminalOf = ({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }, noColour: string | undefined): Terminal => ({
  width: Math.max(columns ?? usualWidth, narrowest),
  colour: isTTY === true && (noColour === undefined || noColour === ''),
})

const bold = (text: string, { colour }: Terminal): string => (colour ? `\u001B[1;36m${text}\u001B[0m` : text)
const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 3)}...`)

/** Every state on its own line, those inside another further in; the active one and those around it are marked. */
export const drawTree = ({ states }: Pick<Chart, 'states'>, active: string, terminal: Terminal): readonly string[] =>
  states.map(({ path }) => {
    const depth = path.split('.').length - 1
    const name = path.split('.').at(-1) ?? path
    const mark = path === active ? '>' : active.startsWith(`${path}.`) ? ':' : ' '
    const line = cut(`${mark} ${'  '.repeat(depth)}${name}`, terminal.width)
    return path === active ? bold(line, terminal) : line
  })

/** The states in the order in which they were entered, in as many lines as the width asks for. */
export const drawRoad = (history: readonly { readonly to: string }[], terminal: Terminal): readonly string[] => {
  const entered = history.flatMap(({ to }, index) => (to === history[index - 1]?.to ? [] : [to]))
  const lines: string[] = []
  for (const [index, state] of entered.entries()) {
    const step = cut(index === 0 ? state : `-> ${state}`, terminal.width)
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + step.length <= terminal.width) lines[lines.length - 1] = `${last} ${step}`
    else lines.push(step)
  }
  return lines
}
