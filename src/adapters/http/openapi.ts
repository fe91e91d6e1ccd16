/** `/openapi.json`: the document that the routes' schemas make. */
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Routes } from './routes.ts'

const info = {
  title: 'Nightdesk',
  version: '1',
  description: 'What a running desk shows of itself. Moments are milliseconds since 1970; amounts are exact decimals as text.',
}

/** Has to come before the routes it describes. */
export const describeRoutes = async (routes: Routes): Promise<void> => {
  await routes.register(swagger, {
    openapi: { openapi: '3.1.0', info },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
}

export const serveDescription = (routes: Routes): void => {
  routes.get('/openapi.json', { schema: { hide: true } }, () => routes.swagger())
}
