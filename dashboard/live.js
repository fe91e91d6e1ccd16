/**
 * Keeping up with the desk: it is asked once a second, and sooner when its stream tells of a transition.
 * The stream resumes by position; asking makes the page right again whatever was missed.
 */

const askMs = 1_000
/** Transitions come in bursts: so long is waited for the rest of one. */
const gatherMs = 120
const againMs = 2_000

/** Calls `ask` every second and soon after `hasten`; never twice at once. */
export const keepAsking = (ask) => {
  let timer
  let busy = false
  let again = false
  const run = async () => {
    clearTimeout(timer)
    busy = true
    again = false
    await ask()
    busy = false
    timer = setTimeout(run, again ? gatherMs : askMs)
  }
  const hasten = () => {
    if (busy) {
      again = true
      return
    }
    if (again) return
    again = true
    clearTimeout(timer)
    timer = setTimeout(run, gatherMs)
  }
  void run()
  return hasten
}

/** Tells of every committed transition from now on, across broken connections. */
export const followStream = ({ transition, open, broken }) => {
  let last
  const connect = () => {
    const source = new EventSource(last === undefined ? '/debug/stream' : `/debug/stream?after=${last}`)
    source.addEventListener('open', open)
    source.addEventListener('transition', (event) => {
      last = event.lastEventId
      transition(JSON.parse(event.data))
    })
    source.addEventListener('reset', () => {
      last = undefined
    })
    source.addEventListener('error', () => {
      broken()
      // It comes back by itself after a lost connection, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, againMs)
    })
  }
  connect()
}
