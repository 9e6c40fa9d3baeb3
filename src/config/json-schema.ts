/** JSON Schemas of the files an operator writes, for editors. What they cannot say, loading checks. */
import { z } from 'zod'
import { ONLY_LADDER } from '../core/detector.ts'
import type { AnyDetector } from '../core/detector.ts'
import { policyForm } from './policy-schema.ts'
import { serviceForm } from './service-schema.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

/** Without the password: it comes from the environment, and in the file it is a mistake. */
export function serviceJsonSchema(): JsonSchema {
  const schema = structuredClone(plain(serviceForm)) as ObjectSchema
  const sasl = schema.properties?.['kafka']?.properties?.['sasl']
  delete sasl?.properties?.['password']
  if (sasl?.required !== undefined) sasl.required = sasl.required.filter((it) => it !== 'password')
  return titled('Settings of the Forewarn service', schema)
}

type ObjectSchema = Record<string, unknown> & {
  properties?: Record<string, ObjectSchema>
  required?: string[]
}

/** Every detector with its own limits; each may be left out, for a base may give it. */
export function policyJsonSchema(detectors: readonly AnyDetector[]): JsonSchema {
  const schema = plain(policyForm)
  const properties = Object.fromEntries(detectors.map((it) => [it.name, entrySchema(it)]))
  const entries = { type: 'object', properties, additionalProperties: false }
  const all = { ...(schema['properties'] as JsonSchema), detectors: entries }
  return titled('A policy of Forewarn', { ...schema, properties: all })
}

function entrySchema({ limits, ladders }: AnyDetector): JsonSchema {
  const { required: _, $schema: __, ...optional } = plain(limits)
  const ladder = { type: 'object', properties: stages(), additionalProperties: false }
  const named = ladders?.map((name) => [name, ladder])
  const own =
    named === undefined
      ? { [ONLY_LADDER]: ladder }
      : {
          ladders: {
            type: 'object',
            properties: Object.fromEntries(named),
            additionalProperties: false,
          },
        }
  return {
    type: 'object',
    properties: {
      armed: { type: 'boolean' },
      limits: optional,
      ...own,
      source: { type: 'string', minLength: 1 },
    },
    additionalProperties: false,
  }
}

/** How a step is written depends on the kind of detector: loading says which is wrong. */
function stages(): JsonSchema {
  return { notice: {}, warning: {}, 'final-warning': {}, 'consequence-due': {} }
}

function plain(form: z.ZodType): JsonSchema {
  return z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

function titled(title: string, { $schema, ...rest }: JsonSchema): JsonSchema {
  return { $schema, title, ...rest }
}
