/** The configuration's shape as JSON Schema: for editors, for docs/configuration.md and for `nightdesk init`. */
import { z } from 'zod'
import { configSchema } from './schema.ts'

/** As much of JSON Schema as the configuration's has. */
export interface SchemaNode {
  readonly description?: string
  readonly type?: string
  readonly default?: unknown
  readonly const?: string | boolean
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly additionalProperties?: SchemaNode | false
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

/** JSON Schema, draft 2020-12, of what a file may say: defaults are not required. */
export const configJsonSchema = (): SchemaNode => ({ title: 'Nightdesk', ...z.toJSONSchema(configSchema, { io: 'input' }) }) as SchemaNode

/** The kinds that a node may be of; itself when there is but one. */
export const kindsOf = (node: SchemaNode): readonly SchemaNode[] => node.anyOf ?? node.oneOf ?? [node]
