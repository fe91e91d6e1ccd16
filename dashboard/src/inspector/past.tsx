/** One step of the past: what happened, and what the actor remembered after it. */
import type { Replay, ReplayStep } from '../desk/answers.ts'
import { clockTime, stamp } from '../desk/format.ts'
import { words } from '../desk/words.ts'
import { Facts } from './facts.tsx'

interface SliderProps {
  readonly replay: Replay
  /** Place of the step that is shown; undefined is now. */
  readonly at: number | undefined
  readonly onMove: (at: number | undefined) => void
}

const labelOf = (step: ReplayStep): string => `${step.seq}, ${clockTime(step.at)}, ${words(step.event)}, ${words(step.to)}`

export const Slider = ({ replay: { steps, agrees, differences, row }, at, onMove }: SliderProps) => {
  const last = steps.length - 1
  const place = at ?? last
  const step = steps[place]
  const move = (to: number): void => onMove(to >= last ? undefined : Math.max(0, to))
  if (step === undefined) return <p class="quiet">{differences.join(' ')}</p>
  return (
    <div class="slider">
      <div class="slider-row">
        <button type="button" aria-label="A step back" disabled={place === 0} onClick={() => move(place - 1)}>
          ‹
        </button>
        <input type="range" min={0} max={last} value={place} aria-label="Step of its past" aria-valuetext={labelOf(step)} onInput={(event) => move(Number(event.currentTarget.value))} />
        <button type="button" aria-label="A step on" disabled={place === last} onClick={() => move(place + 1)}>
          ›
        </button>
        <button type="button" disabled={at === undefined} onClick={() => onMove(undefined)}>
          Now
        </button>
      </div>
      <p class="slider-label">
        <span>{`step ${step.seq} of ${row.seq}`}</span>
        <time dateTime={stamp(step.at)} title={stamp(step.at)}>
          {clockTime(step.at)}
        </time>
        <b>{words(step.event)}</b>
      </p>
      <p class="verdict-line" data-tone={agrees ? 'good' : 'bad'}>
        <span class="lamp" aria-hidden="true" />
        {agrees ? `lived again from its journal, it agrees with its row` : `its journal and its row do not agree: ${differences[0] ?? ''}${differences.length > 1 ? ` (and ${differences.length - 1} more)` : ''}`}
      </p>
    </div>
  )
}

/** What a step has changed, and everything that was remembered after it. */
export const StepDetails = ({ step }: { readonly step: ReplayStep }) => (
  <>
    <section>
      <h3>What it changed</h3>
      <p class="transition">{step.from === step.to ? `stays ${words(step.to)}` : `${step.from === '' ? 'begins' : words(step.from)} → ${words(step.to)}`}</p>
      {step.seq === 1 ? (
        <p class="quiet">it begins to remember</p>
      ) : (
        <dl class="facts changes">
          {step.changed.map(({ name, before, after }) => (
            <div key={name}>
              <dt>{words(name)}</dt>
              <dd>
                <del>{before ?? '–'}</del> → <ins>{after ?? '–'}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
    <section>
      <h3>What it wanted done</h3>
      {step.effects.length === 0 ? <p class="quiet">nothing</p> : <ul class="effects">{step.effects.map((effect, index) => <li key={index} title={JSON.stringify(effect)}>{words(String(effect['type']))}</li>)}</ul>}
    </section>
    <section>
      <h3>What it remembered then</h3>
      <Facts of={step.context} />
    </section>
    <details>
      <summary>The event as it was journalled</summary>
      <pre tabIndex={0}>{JSON.stringify(step.body, null, 1)}</pre>
    </details>
  </>
)
