/** The dialogue of a command: what it will do, what it needs, why, and what came of it. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { picture } from '../desk/live.ts'
import { useStore } from '../desk/store.ts'
import { commandToken, who as keptWho } from '../desk/token.ts'
import { Choice, LongText, Text } from '../parts/fields.tsx'
import { catalogue, deskKinds, fieldTitles, levels, type FieldName, type Kind } from './catalogue.ts'
import { closeCommand, newId, opened, type Opened } from './open.ts'
import { send, type Outcome } from './send.ts'

const kindOptions = [['', 'choose…'] as const, ...deskKinds.map((kind) => [kind, catalogue[kind].title] as const)]

const numeric: readonly FieldName[] = ['price', 'quantity', 'targetBps']

interface FieldProps {
  readonly name: FieldName
  readonly value: string
  readonly isFixed: boolean
  readonly onChange: (value: string) => void
}

/** One thing that a command needs: chosen where the desk knows what there is, typed where it does not. */
const Field = ({ name, value, isFixed, onChange }: FieldProps) => {
  const shown = useStore(picture)
  const choices = { level: levels, instrument: shown?.prices.map(({ instrument }) => [instrument, instrument] as const), breaker: shown?.desk.breakers.map((one) => [one.name, one.name] as const) }[name as string]
  if (isFixed) {
    return (
      <p class="field fixed">
        <span>{fieldTitles[name]}</span>
        <b class="mono">{value}</b>
      </p>
    )
  }
  if (choices !== undefined && choices.length > 0) return <Choice label={fieldTitles[name]} value={value} options={[['', 'choose…'], ...choices]} onChange={onChange} />
  return <Text label={fieldTitles[name]} value={value} onChange={onChange} needed numeric={numeric.includes(name)} />
}

const tokenHint = 'in the file “token” of the data directory; kept for this tab alone'

/** Everything that is typed, and whether it is enough. */
const useForm = (start: Opened) => {
  const [kind, setKind] = useState<Kind | undefined>(start.kind)
  const [fields, setFields] = useState<Readonly<Record<string, string>>>(start.fields as Record<string, string>)
  const [reason, setReason] = useState('')
  const [who, setWho] = useState(keptWho())
  const [token, setToken] = useState(commandToken())
  const [isSure, setSure] = useState(false)
  const wish = kind === undefined ? undefined : catalogue[kind]
  const asked = Object.fromEntries((wish?.fields ?? []).map((name) => [name, (fields[name] ?? '').trim()]))
  const isReady = wish !== undefined && Object.values(asked).every((value) => value !== '') && reason.trim() !== '' && token.trim() !== '' && (wish.grave !== true || isSure)
  return { kind, setKind, wish, fields, setField: (name: FieldName, value: string) => setFields({ ...fields, [name]: value }), asked, reason, setReason, who, setWho, token, setToken, isSure, setSure, isReady }
}

type Form = ReturnType<typeof useForm>

const Signature = ({ form, askToken }: { readonly form: Form; readonly askToken: boolean }) => (
  <>
    <LongText label="Reason" value={form.reason} onChange={form.setReason} hint="for whoever reads the audit log" most={500} />
    <Text label="Your name" value={form.who} onChange={form.setWho} hint="remembered in this browser" />
    {askToken ? <Text label="Token of this desk" isSecret value={form.token} onChange={form.setToken} hint={tokenHint} needed /> : null}
    {form.wish?.grave === true ? (
      <label class="field sure">
        <input type="checkbox" checked={form.isSure} onChange={(event) => form.setSure(event.currentTarget.checked)} />
        <span>I have read what it does, and want it.</span>
      </label>
    ) : null}
  </>
)

/** What was sent, and what came of it. It is sent once at a time, and not again once it is done. */
const useSending = (start: Opened, form: Form) => {
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined)
  const [isSending, setSending] = useState(false)
  const [askToken, setAskToken] = useState(commandToken() === '')
  const under = useRef(false)
  const last = useRef({ wish: '', id: start.id })
  /** What was changed after an answer that did not come is another command. */
  const idOf = (wish: string): string => {
    if (last.current.wish !== wish) last.current = { wish, id: last.current.wish === '' ? start.id : newId() }
    return last.current.id
  }
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (!form.isReady || under.current || form.kind === undefined || outcome?.kind === 'done') return
    under.current = true
    setSending(true)
    const said = { kind: form.kind, fields: form.asked, reason: form.reason.trim(), who: form.who.trim() }
    const came = await send({ ...said, id: idOf(JSON.stringify(said)), token: form.token.trim() })
    under.current = false
    if (came.badToken === true) {
      setAskToken(true)
      form.setToken('')
    }
    setOutcome(came)
    setSending(false)
  }
  return { outcome, isSending, askToken, submit, isDone: outcome?.kind === 'done' }
}

const Questions = ({ start, form, askToken }: { readonly start: Opened; readonly form: Form; readonly askToken: boolean }) => (
  <>
    {form.wish?.fields.map((name) => (
      <Field key={name} name={name} value={form.fields[name] ?? ''} isFixed={start.fields[name] !== undefined} onChange={(value) => form.setField(name, value)} />
    ))}
    <Signature form={form} askToken={askToken} />
  </>
)

const Said = ({ outcome }: { readonly outcome: Outcome | undefined }) => (
  <p class="outcome" role="status" data-tone={outcome === undefined ? undefined : outcome.kind === 'done' ? 'good' : 'bad'}>
    {outcome?.sentence ?? ''}
  </p>
)

interface ButtonsProps {
  readonly title: string
  readonly kind: string
  readonly isDone: boolean
  readonly isSending: boolean
  readonly isReady: boolean
}

const Buttons = ({ title, kind, isDone, isSending, isReady }: ButtonsProps) => (
  <footer>
    <button type="button" onClick={closeCommand}>
      {isDone ? 'Close' : 'Leave'}
    </button>
    {isDone ? null : (
      <button type="submit" class={kind} disabled={!isReady || isSending}>
        {isSending ? 'Sending…' : title}
      </button>
    )}
  </footer>
)

const Body = ({ start }: { readonly start: Opened }) => {
  const form = useForm(start)
  const { outcome, isSending, askToken, submit, isDone } = useSending(start, form)
  const { wish } = form
  const grave = wish?.grave === true ? ' grave' : ''
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2 id="command-title">{wish?.title ?? 'A command to the desk'}</h2>
      {start.kind === undefined && !isDone ? <Choice label="Command" value={form.kind ?? ''} options={kindOptions} onChange={(value) => form.setKind(value === '' ? undefined : (value as Kind))} /> : null}
      {wish === undefined ? null : <p class={`does${grave}`}>{wish.does}</p>}
      {wish === undefined || isDone ? null : <Questions start={start} form={form} askToken={askToken} />}
      <Said outcome={outcome} />
      <Buttons title={wish?.title ?? 'Send'} kind={`send${grave}`} isDone={isDone} isSending={isSending} isReady={form.isReady} />
    </form>
  )
}

/** Modal: focus stays in it, Escape leaves it, and goes back to where it was. */
export const CommandDialogue = () => {
  const start = useStore(opened)
  const node = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (start !== undefined) node.current?.showModal()
    else node.current?.close()
  }, [start])
  return (
    // Not `close`: its event comes late, when the next dialogue may be open already.
    <dialog ref={node} aria-labelledby="command-title" onCancel={closeCommand}>
      {start === undefined ? null : <Body key={start.id} start={start} />}
    </dialog>
  )
}
