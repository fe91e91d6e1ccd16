/** `/openapi.json`: the document that the routes' schemas make. */
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Routes } from './routes.ts'

const info = {
  title: 'Nightdesk',
  version: '1',
  description: 'What a running desk shows of itself. Moments are milliseconds since 1970; amounts are exact decimals as text.',
}

type Components = { schemas?: Record<string, object> }

/** Answers only: what the shapes would be as a body sent to us is left out, since nothing is. */
const answersOnly = ({ schemas = {}, ...rest }: Components): Components => ({
  ...rest,
  schemas: Object.fromEntries(Object.entries(schemas).filter(([name]) => !name.endsWith('Input'))),
})

/** A wildcard has no place in an OpenAPI path: there it is a parameter like others. */
const plainUrl = (url: string): string => url.replace('*', ':address')

/** Has to come before the routes it describes. */
export const describeRoutes = async (routes: Routes): Promise<void> => {
  await routes.register(swagger, {
    openapi: { openapi: '3.1.0', info },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route)
      return { schema, url: plainUrl(url) }
    },
    transformObject: (document) => {
      const object = jsonSchemaTransformObject(document)
      return 'components' in object ? { ...object, components: answersOnly(object.components ?? {}) } : object
    },
  })
}

export const serveDescription = (routes: Routes): void => {
  routes.get('/openapi.json', { schema: { hide: true } }, () => routes.swagger())
}
