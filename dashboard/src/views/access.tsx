/** The dialogue that asks for a token, where the desk lets nobody read without one. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { access, offerToken } from '../desk/access.ts'
import { useStore } from '../desk/store.ts'
import { Text } from '../parts/fields.tsx'

const hint = 'in the file “token-read” of the data directory, or in “token”, which commands too; kept for this tab alone'

const Question = ({ because }: { readonly because: string }) => {
  const [typed, setTyped] = useState('')
  const [isAsking, setAsking] = useState(false)
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (isAsking) return
    setAsking(true)
    await offerToken(typed.trim())
    setAsking(false)
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h2 id="access-title">A token of this desk</h2>
      <p class="does">Others can reach this desk, and it shows nothing without a token.</p>
      <Text label="Token" isSecret value={typed} onChange={setTyped} hint={hint} needed />
      <p class="outcome" role="status" data-tone={because === '' ? undefined : 'bad'}>
        {because}
      </p>
      <footer>
        <button type="submit" class="send" disabled={typed.trim() === '' || isAsking}>
          {isAsking ? 'Asking…' : 'Open'}
        </button>
      </footer>
    </form>
  )
}

/** Modal, and there until the desk has taken a token: behind it is nothing to see. */
export const AccessDialogue = () => {
  const now = useStore(access)
  const node = useRef<HTMLDialogElement>(null)
  const isWanted = now.state === 'wanted'
  useEffect(() => {
    if (isWanted) node.current?.showModal()
    else node.current?.close()
  }, [isWanted])
  return (
    // A browser may close it at the second Escape, whatever was said to the first.
    <dialog ref={node} aria-labelledby="access-title" onCancel={(event) => event.preventDefault()} onClose={() => access.get().state === 'wanted' && node.current?.showModal()}>
      {isWanted ? <Question because={now.because} /> : null}
    </dialog>
  )
}
