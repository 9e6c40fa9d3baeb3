/** The published JSON Schemas (draft 2020-12), made of the schemas that the service checks with. */
import { z } from 'zod'
import { STANDING_ATTRIBUTES, WARNING_ATTRIBUTES } from '../../src/events/emitted-attributes.ts'
import {
  CONNECT_HEADERS,
  LEFT_OUT_SCHEMA,
  NATIVE_HEADERS,
  SPRING_HEADERS,
} from '../../src/events/emitted-dead-letter.ts'
import { STANDING_SCHEMA } from '../../src/events/emitted-standing.ts'
import { WARNING_SCHEMA } from '../../src/events/emitted-warning.ts'
import { ENVELOPE_SCHEMA } from '../../src/events/envelope-form.ts'
import type { EventType } from '../../src/events/event.ts'
import { DATA_SCHEMAS } from '../../src/events/schemas.ts'
import { registerForms } from './input-forms.ts'
import { BY_TYPE, MEMBER_MEANINGS } from './member-meanings.ts'
import { TYPE_MEANINGS } from './type-meanings.ts'

export type JsonSchema = { [member: string]: unknown }
type Members = Record<string, JsonSchema>

export const EVENT_TYPES = Object.keys(DATA_SCHEMAS) as EventType[]

/** The `$id` of a schema, whatever host serves it: also what `dataschema` of our records names. */
export function schemaId(name: string): string {
  return `urn:forewarn:schema:${name}`
}

/** Where the schema stands in the repository. */
export function schemaPath(name: string): string {
  return `schemas/${Object.hasOwn(OUTPUT, name) ? 'output' : 'input'}/${name}.json`
}

/** By name, as `card.authorisation.v1`. What is not named in a schema may be added within a version. */
export function jsonSchemas(): ReadonlyMap<string, JsonSchema> {
  registerForms()
  const ofTypes = EVENT_TYPES.map((type): [string, JsonSchema] => [`${type}.v1`, ofType(type)])
  const others = Object.entries({ ...INPUT, ...OUTPUT })
  return new Map([
    ...ofTypes,
    ...others.map(([name, { title, description, schema }]): [string, JsonSchema] => [
      name,
      headed(name, title, description, schema()),
    ]),
  ])
}

/** As `jsonSchemas`, of what we send, and refusing members that it does not name: for tests. */
export function strictSchemas(): ReadonlyMap<string, JsonSchema> {
  registerForms()
  const structured = WARNING_ATTRIBUTES.extend({ data: WARNING_SCHEMA })
  return new Map([
    ['warning.v1', toJson(WARNING_SCHEMA, 'output')],
    ['warning-event.v1', toJson(structured, 'output')],
    ['warning-headers.v1', headersOf(toJson(WARNING_ATTRIBUTES, 'output'))],
    ['standing.v1', toJson(STANDING_SCHEMA, 'output')],
    ['standing-headers.v1', headersOf(toJson(STANDING_ATTRIBUTES, 'output'))],
    ['dead-letter-left-out.v1', toJson(LEFT_OUT_SCHEMA, 'output')],
  ])
}

type Published = Readonly<{ title: string; description: string; schema: () => JsonSchema }>

const INPUT: Readonly<Record<string, Published>> = {
  'event.v1': {
    title: 'Input event',
    description: 'An event of the input as plain JSON, or as a CloudEvent in structured mode.',
    schema: () => toJson(ENVELOPE_SCHEMA),
  },
  'event-headers.v1': {
    title: 'Headers of an input event in binary mode',
    description: 'Values as UTF-8 text. The value of the record is the data alone.',
    schema: () => headersOf(eventAttributes()),
  },
}

const OUTPUT: Readonly<Record<string, Published>> = {
  'warning.v1': {
    title: 'Warning',
    description: 'Data of a warning record: one stage change of one episode.',
    schema: () => toJson(WARNING_SCHEMA),
  },
  'warning-headers.v1': {
    title: 'Headers of a warning record in binary mode',
    description: 'Values as UTF-8 text. The value of the record is the data alone.',
    schema: () => headersOf(toJson(WARNING_ATTRIBUTES)),
  },
  'warning-event.v1': {
    title: 'Warning record in structured mode',
    description: 'A CloudEvent as one JSON object; also a line of `forewarn replay`.',
    schema: () => toJson(WARNING_ATTRIBUTES.extend({ data: WARNING_SCHEMA })),
  },
  'standing.v1': {
    title: 'Standing',
    description: 'Data of a standing record: the latest of everything about one account.',
    schema: () => toJson(STANDING_SCHEMA),
  },
  'standing-headers.v1': {
    title: 'Headers of a standing record',
    description: 'Values as UTF-8 text. A record without a value has none.',
    schema: () => headersOf(toJson(STANDING_ATTRIBUTES)),
  },
  'dead-letter-headers.v1': {
    title: 'Headers of a dead letter',
    description: 'Values as UTF-8 text, behind the headers that the record came with.',
    schema: () => toJson(NATIVE_HEADERS),
  },
  'dead-letter-headers-connect.v1': {
    title: 'Headers of a dead letter, for tools of Kafka Connect',
    description: 'With `dlq.headerStyle: connect`. Values as UTF-8 text.',
    schema: () => toJson(CONNECT_HEADERS),
  },
  'dead-letter-headers-spring.v1': {
    title: 'Headers of a dead letter, for Spring for Apache Kafka',
    description: 'With `dlq.headerStyle: spring`. Values as UTF-8 text, numbers as bytes.',
    schema: () => toJson(SPRING_HEADERS),
  },
  'dead-letter-left-out.v1': {
    title: 'Value of a dead letter that was left out',
    description: 'Stands where a value held card data or was too large to be carried.',
    schema: () => toJson(LEFT_OUT_SCHEMA),
  },
}

function headed(name: string, title: string, description: string, rest: JsonSchema): JsonSchema {
  const { $schema, $defs, ...body } = rest
  const said = { $schema, $id: schemaId(name), title, description, ...body }
  return $defs === undefined ? said : { ...said, $defs }
}

function toJson(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'throw' })
}

function ofType(type: EventType): JsonSchema {
  const schema = toJson(DATA_SCHEMAS[type])
  explain(schema, type)
  return headed(`${type}.v1`, type, TYPE_MEANINGS[type], schema)
}

/** Says of every member what it means; of a member of a member under `outer.inner`. */
function explain(schema: JsonSchema, type: string): void {
  explainMembers(schema, (name) => BY_TYPE[`${type}.${name}`] ?? MEMBER_MEANINGS[name])
  for (const [name, definition] of Object.entries((schema['$defs'] ?? {}) as Members)) {
    explainMembers(definition, (inner) => MEMBER_MEANINGS[`${name}.${inner}`])
  }
}

function explainMembers(schema: JsonSchema, meaningOf: (name: string) => string | undefined): void {
  const properties = (schema['properties'] ?? {}) as Members
  for (const [name, member] of Object.entries(properties)) {
    const holder = (member['items'] ?? member) as JsonSchema
    explainMembers(holder, (inner) => MEMBER_MEANINGS[`${name}.${inner}`])
    const description = meaningOf(name)
    if (description !== undefined) properties[name] = { ...member, description }
  }
}

/** In a header everything is text, and what CloudEvents calls the data's type is `content-type`. */
function headersOf(attributes: JsonSchema): JsonSchema {
  const { properties, required, ...rest } = attributes
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties as Members).map(([name, said]) => [headerOf(name), asText(said)]),
    ),
    required: (required as string[]).map(headerOf),
  }
}

function headerOf(attribute: string): string {
  return attribute === 'datacontenttype' ? 'content-type' : `ce_${attribute}`
}

function asText(member: JsonSchema): JsonSchema {
  if (member['type'] !== 'number') return member
  const { const: only, enum: several, ...rest } = member
  return {
    ...rest,
    type: 'string',
    ...(only === undefined ? {} : { const: `${only as number}` }),
    ...(several === undefined ? {} : { enum: (several as number[]).map(String) }),
  }
}

/** Of the envelope all but the data; in headers `specversion` is never missing. */
function eventAttributes(): JsonSchema {
  const { data: _, specversion, ...others } = ENVELOPE_SCHEMA.shape
  const datacontenttype = z.string().optional()
  return toJson(z.object({ specversion: specversion.unwrap(), ...others, datacontenttype }))
}
