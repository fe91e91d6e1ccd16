/** The page and its files. */
import type { Asset } from './assets.ts'
import type { Routes } from './routes.ts'

export const servePage = (routes: Routes, assets: readonly Asset[]): void => {
  for (const { path, type, body } of assets) {
    routes.get(path, { schema: { hide: true } }, (_request, reply) => reply.type(type).send(body))
  }
}
