/** `POST /api/commands`: what a person wants, behind the token. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Command } from '../../domain/command.ts'
import { parseDecimal, type Price } from '../../domain/decimal.ts'
import type { Steerable } from '../../ports/steering.ts'
import { commandsPath } from './guard.ts'
import { HttpProblem } from './problems.ts'
import { problems, type Routes } from './routes.ts'
import { auditRecord } from './schemas.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const signed = { id: z.string().regex(/^[\w.:-]{1,80}$/, { error: 'must be 1 to 80 letters, digits, dots, colons or dashes, chosen anew for every command' }), who: text(80).default('api'), reason: text(500) }
const pair = z.string().regex(/^[\w-]{1,60}$/)
const breaker = z.string().regex(/^[\w:-]{1,60}$/)
const order = z.string().regex(/^[\w.:-]{1,100}$/)
const price = z.string().refine((value) => (parseDecimal(value) ?? '-').match(/^[^-]*[1-9]/) !== null, { error: 'must be a price as text, such as "60000.5"' }).transform((value) => parseDecimal(value) as Price)

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
])

const digest = (value: string): Buffer => createHash('sha256').update(value).digest()

/** True for the token alone; how long it takes tells nothing about where another one differs. */
const holds = (header: string | undefined, token: string): boolean => timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))

export const serveCommands = (routes: Routes, steering: Steerable, token: string): void => {
  routes.post(
    commandsPath,
    {
      schema: { summary: 'A command; the same id again answers as before and does nothing', body: command, response: { 202: z.object({ id: z.string(), again: z.boolean(), record: auditRecord }), ...problems } },
      // Before the body is looked at: who may not command learns nothing of how.
      onRequest: (request, _reply, done) => {
        if (holds(request.headers.authorization, token)) done()
        else done(new HttpProblem(401, 'a command needs the token of this desk: "authorization: Bearer <token>"; it is in the file "token" of the data directory'))
      },
    },
    async (request, reply) => {
      const outcome = await steering.command(request.body satisfies Command)
      if (outcome.kind === 'refused') throw new HttpProblem(409, outcome.detail)
      if (outcome.kind === 'failed') throw new HttpProblem(503, outcome.detail)
      void reply.code(202)
      return { id: request.body.id, again: outcome.again, record: outcome.record }
    },
  )
}
