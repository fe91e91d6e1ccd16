/** A state, always in word and colour. */
import type { ComponentChildren } from 'preact'
import { toneOf, words, type Tone } from '../desk/words.ts'

interface Props {
  readonly state: string
  readonly tone?: Tone
  readonly children?: ComponentChildren
  readonly hint?: string | undefined
}

export const State = ({ state, tone = toneOf(state), children, hint }: Props) => (
  <span class="state" data-tone={tone} title={hint}>
    <span class="lamp" aria-hidden="true" />
    <span>{children ?? words(state)}</span>
  </span>
)

/** How much of something is done, as a bar under its own words. */
export const Progress = ({ part, text }: { readonly part: number; readonly text: string }) => (
  <span class="progress">
    <span>{text}</span>
    <progress value={Math.min(1, Math.max(0, part))} max={1} aria-label={text} />
  </span>
)
