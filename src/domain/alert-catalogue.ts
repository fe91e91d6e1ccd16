/**
 * Everything that the desk tells a person unasked: the closed catalogue of alerts. An alert that is not in it does not
 * compile, and docs/alerts.md, the runbook, is made from it.
 */

export const severities = ['info', 'warning', 'critical'] as const
/** `info` is news, `warning` wants a look by day, `critical` wants a person now. */
export type Severity = (typeof severities)[number]

export interface AlertRule {
  readonly severity: Severity
  /** True for a condition, which holds until its end is told; false for something that happened. */
  readonly lasts: boolean
  readonly meaning: string
  /** What to do about it. */
  readonly remedy: string
}

const happens = (severity: Severity, meaning: string, remedy: string): AlertRule => ({ severity, lasts: false, meaning, remedy })
const lasts = (severity: Severity, meaning: string, remedy: string): AlertRule => ({ severity, lasts: true, meaning, remedy })

const nothing = 'Nothing.'

export const alertCatalogue = {
  'desk.started': happens('info', 'The desk has started; the last one had ended as it was asked to.', nothing),
  'desk.restarted': happens('warning', 'The desk has started, and the last one had not ended as it was asked to: a crash, a kill -9 or a power cut.', 'Look at the end of the log before the start. Nothing needs repair: the start has recovered from the rows.'),
  'desk.stopped': happens('info', 'The desk has stopped because it was asked to.', nothing),
  'desk.ended': happens('critical', 'The desk has ended by itself: the store stayed away, more came in than could be written, or another process has taken the desk.', 'Start it again, after the sentence of the alert: see to PostgreSQL first, or find the other process.'),
  'desk.cannotStart': happens('critical', 'A start was refused, and no desk runs. What rests at the venue stays there; what was bought waits without a new cover.', 'The alert is the sentence that the start ended with, and it says how to mend it.'),
  'process.strayPromise': happens('warning', 'Something failed that nobody waited for; the desk goes on. It is told at most every ten minutes, and every one is in the log.', 'Look for `process.strayPromise` in the log: its lines name the file. In a strategy of yours, `decide` must not begin what it does not wait for.'),
  'desk.restartLoop': lasts('critical', 'The desk has ended again and again soon after its start; entries wait, covers do not.', 'Look at the ends in the log. `nightdesk resume` lets entries through at once.'),
  'desk.paused': lasts('warning', 'A person has paused new entries, five minutes ago or longer.', '`nightdesk resume`, when the reason is over.'),
  'desk.cutOff': lasts('critical', 'No stream of the venue for minutes; entries wait, prices and orders are read by REST as far as the venue answers.', 'Look at the venue’s status page and at this machine’s network; `nightdesk why` names the stream.'),
  'desk.cannotReconcile': lasts('critical', 'The rows could not be compared with the venue, several times in a row; entries wait.', 'The alert names the call that fails. A venue that is down comes back by itself; a key that was revoked must be replaced.'),
  'desk.disk': lasts('critical', 'The disk of the store is nearly full; entries wait, covers do not.', 'Make room: old logs, old backups. Entries go on by themselves.'),
  'desk.clock': lasts('critical', 'The wall clock has leapt, or the machine has slept; entries wait until the venue’s clock was measured again.', 'When it does not end by itself: see to the time service (chrony, systemd-timesyncd), and to a laptop that sleeps.'),
  'desk.hindered': lasts('critical', 'Something that the desk cannot do without could not be read at the start; entries wait, covers do not.', 'The alert names it. Keep the log and report it; a restart reads it again.'),
  'link.lost': lasts('warning', 'One stream of the venue is not live for a minute or more.', 'Nothing at first: it is tried again for ever, and polled meanwhile. `/debug/connections` says why it ends.'),
  'prices.stale': lasts('warning', 'The price of an instrument is old for a minute or more; nothing is decided on it.', 'Look whether the venue halts the instrument. A quiet market on a small venue may need a longer `risk.quoteMaxAgeMs`.'),
  'journal.away': lasts('critical', 'The store does not answer: nothing is decided and nothing is sent until it does.', 'See to PostgreSQL, its disk and its connections. The desk ends (74) when it stays away, and recovers at the next start.'),
  'journal.slow': lasts('warning', 'A commit takes seconds: everything that the desk does is late by as much.', 'Look at the load and the disk of the store’s machine.'),
  'venue.banned': happens('critical', 'The venue has banned this address or key for a while; nothing is sent until the moment in the alert.', 'Nothing to hurry: the desk waits, also over a restart. Find out what else calls the venue from this address.'),
  'kill.thrown': lasts('critical', 'The kill switch is thrown, at the level in the alert.', 'Find out who and why (`nightdesk audit-log --kind kill`). `nightdesk unkill` lifts it.'),
  'kill.lifted': happens('warning', 'The kill switch was lifted; limits come back in steps, and every entry, fill, denial and closed pair is told meanwhile.', 'Watch the first trades.'),
  'kill.step': happens('warning', 'Enough trades without a loss have closed since the kill switch was lifted: limits are raised by a step.', nothing),
  'ramp.entry': happens('info', 'Coming back after a kill: a buy was begun.', nothing),
  'ramp.fill': happens('info', 'Coming back after a kill: an execution was booked.', nothing),
  'ramp.denied': happens('info', 'Coming back after a kill: the gate has denied an order.', '`nightdesk why` has the numbers.'),
  'ramp.closed': happens('info', 'Coming back after a kill: a round trip has closed.', nothing),
  'breaker.tripped': lasts('critical', 'A breaker keeps new entries back; what was bought is sold as before.', '`nightdesk why` has the numbers; docs/machines/breaker.md says when it ends by itself, `nightdesk reset-breaker` ends it before.'),
  'breaker.cooldown': lasts('warning', 'A loss was closed: entries on its instrument rest for the configured while.', nothing),
  'breaker.ended': happens('warning', 'A breaker keeps no entries back any more.', nothing),
  'strategy.failing': lasts('critical', 'The strategy of an instrument throws, or answers what cannot be read, again and again: it begins nothing; what was bought is sold as before.', 'The alert is its sentence. Mend the module and start the desk again; docs/add-a-strategy.md says what it must answer.'),
  'pair.held': lasts('critical', 'A trade pair waits for a person: nothing new is begun for it.', '`nightdesk inspect trade-pair/ID`, then `release`, `close` or `close-externally`.'),
  'pair.uncovered': lasts('critical', 'What a pair has bought is not on offer for minutes.', '`nightdesk inspect trade-pair/ID` says what it waits for; `close` sells at once.'),
  'pair.closing': happens('warning', 'An exit plan sells a pair at once: its stop, its trailing stop or its time limit.', 'Nothing, when the plan is meant.'),
  'order.unresolved': lasts('critical', 'What became of an order is unknown for longer than the venue needs to tell; its pair is held.', 'Look the client order id up at the venue. The desk goes on asking, and lets the pair go when it knows.'),
  'order.namesake': happens('critical', 'The venue speaks of one of our orders that was never asked for: somebody else uses our ids.', 'Find the other program that trades on this account; its pair is held.'),
  'order.lateNews': happens('warning', 'News came of an order that had ended; executions are booked all the same.', '`nightdesk inspect order/ID`; often repeated, it speaks for a lagging venue.'),
  'order.orphan': happens('critical', 'An order with our mark works at the venue, and no row explains it.', 'Restored an old backup, or does another desk share the account? Cancel it at the venue, or `nightdesk adopt` it.'),
  'order.foreign': happens('warning', 'Somebody else’s order works on the account.', 'Nothing, when it is yours. `reconciliation.foreignOrders` says what becomes of such orders.'),
  'order.unread': happens('warning', 'The row of somebody else’s order cannot be read; it is left out of every comparison.', 'Look at it at the venue.'),
  'fill.odd': happens('critical', 'An execution does not fit its order; it is not booked, and the pair is held.', 'Compare the order at the venue with `nightdesk inspect order/ID`.'),
  'fill.unread': happens('warning', 'The row of somebody else’s execution cannot be read; it is left out of every comparison.', 'Look at it at the venue.'),
  'balance.external': happens('critical', 'Money came or went without an order of this desk; it is booked as external.', 'Your own deposit or withdrawal? If not, revoke the key and look at the account.'),
  'reconciliation.repaired': happens('warning', 'A comparison with the venue has found differences and mended them.', '`nightdesk audit-log --kind repair`; often repeated, it speaks for lost streams.'),
  'instrument.changed': happens('warning', 'The venue has changed the rules of an instrument; they hold from now on.', 'Check that budget and rungs still fit the new step and minimum.'),
  'instrument.delisted': happens('critical', 'An instrument is not listed any more; its open pairs wait.', 'Read the venue’s announcement. Move what was bought by hand, then `nightdesk close-externally`.'),
  'turn.quarantined': happens('critical', 'A message could not be taken and was set aside; its pair is held.', 'Keep the log and report it: this is a fault of the desk. The table `quarantine` has the message.'),
  'row.broken': happens('critical', 'A row cannot be continued after an upgrade or by a damaged disk; its pair is held.', 'Keep a copy of the store and report it; compare the pair with the venue by hand.'),
  'door.refused': happens('warning', 'A command came to the desk’s door without its token, or a read with a wrong one.', 'A stale page of your own, or somebody on this machine: the log has the times.'),
  'alerts.failing': lasts('warning', 'A channel does not deliver alerts; it is tried again, and the others go on.', '`nightdesk alerts test` says what comes of it.'),
  'deadMan.failing': lasts('warning', 'The dead man’s ping does not get through; the service outside may call soon.', 'Look at `alerts.deadMan` and at this machine’s network.'),
  'log.unwritable': lasts('warning', 'Log files cannot be written; standard error still has every line.', 'Make room, or correct the rights of the folder.'),
} as const satisfies Readonly<Record<string, AlertRule>>

export type AlertCode = keyof typeof alertCatalogue

export const alertCodes = Object.keys(alertCatalogue) as readonly AlertCode[]

/** What happened here is the end of those conditions, with the same subject. */
export const endings: Partial<Readonly<Record<AlertCode, readonly AlertCode[]>>> = {
  'kill.lifted': ['kill.thrown'],
  'breaker.ended': ['breaker.tripped', 'breaker.cooldown'],
}

/** What the catalogue says about a code. */
export const ruleOf = (code: AlertCode): AlertRule => alertCatalogue[code]

/** True when the first wants a person at least as much as the second. */
export const isAtLeast = (severity: Severity, least: Severity): boolean => severities.indexOf(severity) >= severities.indexOf(least)
