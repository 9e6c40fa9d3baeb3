/** `data` against the schema of its type. */
import { z } from 'zod'
import type { DeadCode, EventType } from './event.ts'
import { CURRENCY_UNKNOWN, FIELD_MISSING, ZONE_UNKNOWN } from './forms.ts'
import type { JsonObject } from './json.ts'
import { DATA_SCHEMAS } from './schemas.ts'

export type Validated =
  | Readonly<{ kind: 'valid'; data: JsonObject; ignored: readonly string[] }>
  | Readonly<{ kind: 'invalid'; code: DeadCode; path: string; why: string }>

type Path = readonly PropertyKey[]
type Issue = z.core.$ZodIssue

/** Each compiled when its type first comes: all of them would delay every start. */
const COMPILED = new Map<EventType, z.ZodType>()

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(DATA_SCHEMAS, type)
}

/**
 * A copy that holds the members we know, unchanged. A value that an optional closed list does not
 * name is read as absent; `ignored` lists such members (`data.entryMode`).
 */
export function validateData(type: EventType, data: JsonObject): Validated {
  const schema = COMPILED.get(type) ?? compile(type)
  const first = schema.safeParse(data)
  if (first.success) return { kind: 'valid', data: first.data as JsonObject, ignored: NONE }
  const unknown = first.error.issues
    .map((issue) => issue.path)
    .filter((path, at) => isUnknownChoice(type, data, path, first.error.issues[at]))
  if (unknown.length === 0) return invalid(type, data, first.error.issues)
  const known = unknown.reduce(without, data)
  const second = schema.safeParse(known)
  if (!second.success) return invalid(type, known, second.error.issues)
  return { kind: 'valid', data: second.data as JsonObject, ignored: unknown.map(pathText) }
}

const NONE: readonly string[] = []

/** 0.2 µs an event instead of 1.3. What fails is parsed again by the schema itself. */
function compile(type: EventType): z.ZodType {
  const compiled = z.compile(DATA_SCHEMAS[type] as z.ZodType)
  COMPILED.set(type, compiled)
  return compiled
}

/** A text that a closed list of an optional member does not name. */
function isUnknownChoice(type: EventType, data: JsonObject, path: Path, issue?: Issue): boolean {
  if (issue?.code !== 'invalid_value' || typeof valueAt(data, path) !== 'string') return false
  let schema: unknown = DATA_SCHEMAS[type]
  for (const name of path) {
    const holder = schema instanceof z.ZodOptional ? schema.unwrap() : schema
    if (!(holder instanceof z.ZodObject)) return false
    schema = holder.shape[name as string]
  }
  return schema instanceof z.ZodOptional
}

function valueAt(data: JsonObject, path: Path): unknown {
  let value: unknown = data
  for (const name of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[name]
  return value
}

function without(data: JsonObject, [name, ...rest]: Path): JsonObject {
  const { [name as string]: member, ...others } = data
  if (rest.length === 0) return others
  return { ...others, [name as string]: without(member as JsonObject, rest) }
}

/** In the order of the codes. */
const CODES: readonly DeadCode[] = [
  'field-missing',
  'field-invalid',
  CURRENCY_UNKNOWN,
  ZONE_UNKNOWN,
]

function invalid(type: EventType, data: JsonObject, issues: readonly Issue[]): Validated {
  const codes = issues.map((issue) => codeOf(data, issue))
  const code = CODES.find((candidate) => codes.includes(candidate)) ?? 'field-invalid'
  const issue = issues[codes.indexOf(code)]
  const why = code === 'field-missing' ? `${type} has to have it` : (issue?.message ?? '')
  return { kind: 'invalid', code, path: pathText(issue?.path ?? []), why }
}

function codeOf(data: JsonObject, issue: Issue): DeadCode {
  if (issue.code === 'custom') {
    if (issue.message === CURRENCY_UNKNOWN || issue.message === ZONE_UNKNOWN) return issue.message
    if (issue.message === FIELD_MISSING) return 'field-missing'
  }
  return valueAt(data, issue.path) === undefined ? 'field-missing' : 'field-invalid'
}

function pathText(path: Path): string {
  return ['data', ...path].map(String).join('.')
}
