/** Names and values, as they are. */
import { none } from '../desk/format.ts'
import { words } from '../desk/words.ts'

const text = (value: unknown): string => (value === null || value === undefined || value === '' ? none : typeof value === 'string' ? value : JSON.stringify(value))

export const Facts = ({ of }: { readonly of: Readonly<Record<string, unknown>> }) => (
  <dl class="facts">
    {Object.entries(of).map(([name, value]) => (
      <div key={name}>
        <dt>{words(name)}</dt>
        <dd>{text(value)}</dd>
      </div>
    ))}
  </dl>
)

/** What a person looks for first in an actor's memory, in this order. */
const first = ['side', 'price', 'quantity', 'filled', 'bought', 'cost', 'sold', 'proceeds', 'fees', 'minSellPrice', 'venueOrderId', 'heldBecause', 'pausedBecause', 'waitsBecause', 'reason']

/** The few facts that matter most. */
export const figuresOf = (context: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(first.flatMap((name) => (['string', 'number'].includes(typeof context[name]) && context[name] !== '' ? [[name, context[name]]] : [])))
