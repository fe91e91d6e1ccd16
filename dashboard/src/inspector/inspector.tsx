/** One actor, looked at closely: as it is, and at any moment of its past. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { catalogue, kindsFor } from '../commands/catalogue.ts'
import { fieldsFor, openCommand } from '../commands/open.ts'
import type { Actor, ReplayStep } from '../desk/answers.ts'
import { pathOf } from '../desk/api.ts'
import { duration, stamp } from '../desk/format.ts'
import { clock, journal } from '../desk/live.ts'
import { closeInspector, route } from '../desk/route.ts'
import { useStore } from '../desk/store.ts'
import { useAnswer } from '../desk/use-answer.ts'
import { idOf, kindOf, toneOf, words } from '../desk/words.ts'
import { Problem, Quiet } from '../parts/panel.tsx'
import { Chart } from './chart.tsx'
import { Slider, StepDetails } from './past.tsx'
import { Present, Timeline } from './present.tsx'
import { useReplay } from './use-replay.ts'

const everyMs = 2_000
const newest = 200

/** Asked every two seconds, and at once when the stream tells of it. */
const useActor = (address: string) => {
  const last = useStore(journal).find((event) => event.address === address)?.seq ?? 0
  const { value, problem } = useAnswer<Actor>(`/debug/actors/${pathOf(address)}?before=${Number.MAX_SAFE_INTEGER}&limit=${newest}`, everyMs, last)
  return { actor: value, problem: value === undefined ? problem : undefined }
}

const StateLine = ({ actor, step, now }: { readonly actor: Actor; readonly step: ReplayStep | undefined; readonly now: number }) => (
  <p class="now" id="inspector-now" data-tone={toneOf(step?.to ?? actor.state)}>
    <span class="lamp" aria-hidden="true" />
    <b>{words(step?.to ?? actor.state)}</b>
    <span title={stamp(step?.at ?? actor.since)}>{step === undefined ? `for ${duration(now - actor.since)}` : `${duration(now - step.at)} ago`}</span>
  </p>
)

const Actions = ({ actor }: { readonly actor: Actor }) => {
  const kinds = kindsFor(actor.address, actor.state)
  return kinds.length === 0 ? null : (
    <p class="chips actions" aria-label="Commands">
      {kinds.map((kind) => (
        <button key={kind} type="button" class={catalogue[kind].grave === true ? 'grave' : undefined} onClick={() => openCommand(kind, fieldsFor(actor.address))}>
          {catalogue[kind].short}
        </button>
      ))}
    </p>
  )
}

const Body = ({ actor, now }: { readonly actor: Actor; readonly now: number }) => {
  const seq = actor.history.at(-1)?.seq ?? 0
  const { replay, problem } = useReplay(actor.address, seq)
  const [at, setAt] = useState<number | undefined>(undefined)
  const step = at === undefined ? undefined : replay?.steps.find((one) => one.seq === at)
  const steps = replay?.steps ?? []
  return (
    <>
      <StateLine actor={actor} step={step} now={now} />
      <Actions actor={actor} />
      <Chart machine={actor.machine} address={actor.address} state={step?.to ?? actor.state} seq={seq} />
      {replay === undefined ? <Quiet>{problem ?? 'reading its past'}</Quiet> : <Slider replay={replay} at={step === undefined ? undefined : steps.indexOf(step)} onMove={(place) => setAt(place === undefined ? undefined : steps[place]?.seq)} />}
      {step === undefined ? <Present actor={actor} now={now} /> : <StepDetails step={step} />}
      <section>
        <h3>History, newest first</h3>
        <Timeline actor={actor} seq={step?.seq ?? seq} onChoose={(chosen) => setAt(chosen === seq ? undefined : chosen)} />
      </section>
    </>
  )
}

const Panel = ({ address }: { readonly address: string }) => {
  const { actor, problem } = useActor(address)
  const now = useStore(clock)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [address])
  return (
    <aside class="inspector" id="inspector" aria-labelledby="inspector-title">
      <header>
        <div>
          <p class="kind">{kindOf(address)}</p>
          <h2 id="inspector-title" tabIndex={-1} ref={title}>
            {idOf(address)}
          </h2>
        </div>
        <button type="button" onClick={closeInspector}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <div class="body">
        {problem === undefined ? null : <Problem>{problem}</Problem>}
        {actor === undefined ? problem === undefined ? <Quiet>reading</Quiet> : null : <Body key={actor.address} actor={actor} now={now} />}
      </div>
    </aside>
  )
}

export const Inspector = () => {
  const { actor } = useStore(route)
  return actor === undefined ? null : <Panel key={actor} address={actor} />
}
