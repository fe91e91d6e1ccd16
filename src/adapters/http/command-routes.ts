/** `POST /api/commands`: what a person wants, behind the token. */
import { z } from 'zod'
import type { Command } from '../../domain/command.ts'
import type { Price, Quantity } from '../../domain/decimal.ts'
import type { Steerable } from '../../ports/steering.ts'
import { commandsPath } from './guard.ts'
import { HttpProblem } from './problems.ts'
import { instrumentName, positive } from './queries.ts'
import { problems, type Routes } from './routes.ts'
import { auditRecord } from './schemas.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const signed = { id: z.string().regex(/^[\w.:-]{1,80}$/, { error: 'must be 1 to 80 letters, digits, dots, colons or dashes, chosen anew for every command' }), who: text(80).default('api'), reason: text(500) }
const pair = z.string().regex(/^[\w-]{1,60}$/)
const breaker = z.string().regex(/^[\w:-]{1,60}$/)
const order = z.string().regex(/^[\w.:-]{1,100}$/)
const price = positive<Price>('a price', '60000.5')

const simple = (kind: 'pause' | 'resume' | 'reconcile' | 'unkill') => z.strictObject({ kind: z.literal(kind), ...signed })
const ofPair = <K extends string>(kind: K) => z.strictObject({ kind: z.literal(kind), pair, ...signed })

const command = z.discriminatedUnion('kind', [
  simple('pause'),
  simple('resume'),
  simple('reconcile'),
  z.strictObject({ kind: z.literal('kill'), level: z.enum(['entries', 'orders', 'flatten']), ...signed }),
  simple('unkill'),
  z.strictObject({ kind: z.literal('reset-breaker'), breaker, ...signed }),
  ofPair('hold'),
  ofPair('release'),
  ofPair('close'),
  ofPair('close-externally'),
  z.strictObject({ kind: z.literal('set-target'), pair, price, ...signed }),
  z.strictObject({ kind: z.literal('cancel'), order, ...signed }),
  z.strictObject({ kind: z.literal('adopt'), order, ...signed }),
  z.strictObject({ kind: z.literal('buy'), instrument: instrumentName, quantity: positive<Quantity>('a quantity', '0.01'), price, targetBps: z.number().positive().max(10_000), ...signed }),
])

/** Most commands of one request. */
const mostTogether = 20
const commands = z.array(command).min(1).max(mostTogether)

const done = z.object({ id: z.string(), again: z.boolean(), record: auditRecord })
/** Of one command in a list: what it did, or why it did nothing. */
const outcome = z.union([done, z.object({ id: z.string(), refused: z.string() }), z.object({ id: z.string(), failed: z.string() })])

/** One after the other: what the first changed, the second sees. */
const together = async (steering: Steerable, wanted: readonly Command[]): Promise<z.infer<typeof outcome>[]> => {
  const outcomes: z.infer<typeof outcome>[] = []
  for (const one of wanted) {
    const taken = await steering.command(one)
    if (taken.kind === 'done') outcomes.push({ id: one.id, again: taken.again, record: taken.record })
    else outcomes.push(taken.kind === 'refused' ? { id: one.id, refused: taken.detail } : { id: one.id, failed: taken.detail })
  }
  return outcomes
}

/** Who may command, the guard has asked before the body is looked at: who may not learns nothing of how (G3). */
export const serveCommands = (routes: Routes, steering: Steerable): void => {
  routes.post(
    commandsPath,
    {
      schema: { summary: `A command, or up to ${mostTogether} in a list, one after the other; the same id again answers as before and does nothing`, body: z.union([command, commands]), response: { 202: z.union([done, z.array(outcome)]), ...problems } },
    },
    async (request, reply) => {
      const { body } = request
      void reply.code(202)
      if (Array.isArray(body)) return together(steering, body)
      const taken = await steering.command(body)
      if (taken.kind === 'refused') throw new HttpProblem(409, taken.detail)
      if (taken.kind === 'failed') throw new HttpProblem(503, taken.detail)
      return { id: body.id, again: taken.again, record: taken.record }
    },
  )
}
