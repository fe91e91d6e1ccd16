/** An actor as it is: what it waits for, what may come, what it remembers, how it came there. */
import type { Actor } from '../desk/answers.ts'
import { age, clockTime, stamp } from '../desk/format.ts'
import { inspect } from '../desk/route.ts'
import { words } from '../desk/words.ts'
import { Facts, figuresOf } from './facts.tsx'

const List = ({ items, empty }: { readonly items: readonly string[]; readonly empty: string }) =>
  items.length === 0 ? <p class="quiet">{empty}</p> : <ul>{items.map((item) => <li key={item}>{item}</li>)}</ul>

const deadlinesOf = ({ deadlines }: Actor, now: number): readonly string[] => deadlines.map(({ name, dueAt }) => `${words(name)}: ${dueAt > now ? `in ${age(dueAt - now)}` : `due for ${age(now - dueAt)}`}`)

const pendingOf = ({ pending }: Actor): readonly string[] => pending.map((effect) => words(String(effect['type'])))

/** The other actors that this one names. */
const relatedOf = ({ address, context }: Actor): readonly (readonly [title: string, address: string])[] => {
  const named = [['Its pair', 'trade-pair', context['pairId']], ['Its buy order', 'order', context['buyOrder']], ['Its sell order', 'order', context['sellOrder']]] as const
  return named.flatMap(([title, kind, id]) => (typeof id === 'string' && `${kind}/${id}` !== address ? [[title, `${kind}/${id}`] as const] : []))
}

const Related = ({ actor }: { readonly actor: Actor }) => {
  const related = relatedOf(actor)
  return related.length === 0 ? null : (
    <section>
      <h3>Related</h3>
      <p class="chips">
        {related.map(([title, address]) => (
          <button key={address} type="button" onClick={() => inspect(address)}>
            {title}
          </button>
        ))}
      </p>
    </section>
  )
}

export const Present = ({ actor, now }: { readonly actor: Actor; readonly now: number }) => {
  const figures = figuresOf(actor.context)
  return (
    <>
      <section>
        <h3>Waits for</h3>
        <List items={actor.waitsFor} empty="nothing" />
      </section>
      <section class="halves">
        <div>
          <h3>Deadlines</h3>
          <List items={deadlinesOf(actor, now)} empty="none" />
        </div>
        <div>
          <h3>Asked of the outside</h3>
          <List items={pendingOf(actor)} empty="nothing is open" />
        </div>
      </section>
      <section>
        <h3>Can happen next</h3>
        {actor.next.length === 0 ? <p class="quiet">nothing: it has come to its end</p> : <p class="chips">{actor.next.map((event) => <span key={event}>{words(event)}</span>)}</p>}
      </section>
      {Object.keys(figures).length === 0 ? null : (
        <section>
          <h3>Figures</h3>
          <Facts of={figures} />
        </section>
      )}
      <Related actor={actor} />
      <details>
        <summary>Memory</summary>
        <Facts of={actor.context} />
      </details>
    </>
  )
}

interface TimelineProps {
  readonly actor: Actor
  /** The event that the slider stands at. */
  readonly seq: number | undefined
  readonly onChoose: (seq: number) => void
}

export const Timeline = ({ actor, seq, onChoose }: TimelineProps) => (
  <table class="timeline" aria-label="History, newest first">
    <thead>
      <tr>
        {['#', 'Time', 'Event', 'State after'].map((title) => (
          <th key={title} scope="col">
            {title}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {actor.history.toReversed().map((entry) => (
        <tr key={entry.seq} aria-current={entry.seq === seq ? 'step' : undefined}>
          <td>{entry.seq}</td>
          <td class="time" title={stamp(entry.at)}>
            {clockTime(entry.at)}
          </td>
          <td>
            <button type="button" class="open" title={JSON.stringify(entry.body)} onClick={() => onChoose(entry.seq)}>
              {words(entry.event)}
            </button>
          </td>
          <td>{entry.from === entry.to ? `stays ${words(entry.to)}` : words(entry.to)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
