/**
 * The schema of a type as plain checks on bytes: which members it has, and how the value of each
 * is told to be good without asking the schema. Made once; where a member or a type is not simple
 * enough it is left out, and whoever meets it reads by the schema.
 */
import { z } from 'zod'
import { isCurrency } from './currencies.ts'
import type { EventType } from './event.ts'
import { isForbiddenText } from './forbidden-names.ts'
import { form } from './forms.ts'
import { DATA_SCHEMAS } from './schemas.ts'
import { isDay, isInstant } from './time-text.ts'
import { isZone } from './zones.ts'

/** A string of `min` to `max` bytes. */
export const TEXT = 0
/** A string that passes `check`. */
export const CHECKED = 1
/** One of the strings of `choices`. */
export const CHOICE = 2
/** An integer from `min` to `max`. */
export const WHOLE = 3
export const BOOLEAN = 4
/** An object that has a plan of its own. */
export const NESTED = 5

type Form = Readonly<{
  kind: number
  min: number
  max: number
  check: (text: string) => boolean
  choices: readonly string[]
}>

export type Member = Form &
  Readonly<{
    name: string
    /** `"name":` */
    written: Uint8Array
    /** One bit of 31, by which the members met are told. */
    bit: number
  }>

export type Plan = Readonly<{
  type: EventType
  /** In the order of the schema: most senders keep it. */
  members: readonly Member[]
  /** Bits of the members that must be there. */
  required: number
}>

const MEMBERS_MAX = 31
const ENCODER = new TextEncoder()

/** Each made when its type first comes; null where the schema has a check of the whole. */
const plans = new Map<string, Plan | null>()

/** Undefined: not a type that we know, or only its schema can tell. */
export function planOf(type: string): Plan | undefined {
  const known = plans.get(type)
  if (known !== undefined) return known ?? undefined
  if (!Object.hasOwn(DATA_SCHEMAS, type)) return undefined
  const plan = makePlan(type as EventType)
  plans.set(type, plan)
  return plan ?? undefined
}

export function member(name: string, at: number, one: Form): Member {
  return { name, written: ENCODER.encode(`"${name}":`), bit: 1 << at, ...one }
}

export function text(min: number, max: number): Form {
  return { kind: TEXT, min, max, check: isAnything, choices: [] }
}

export function whole(min: number, max: number): Form {
  return { kind: WHOLE, min, max, check: isAnything, choices: [] }
}

export function choice(choices: readonly string[]): Form {
  return { kind: CHOICE, min: 0, max: 0, check: isAnything, choices }
}

function makePlan(type: EventType): Plan | null {
  const schema: z.ZodObject = DATA_SCHEMAS[type]
  const shape = Object.entries(schema.shape)
  if (hasChecks(schema) || shape.length > MEMBERS_MAX) return null
  const members: Member[] = []
  let required = 0
  for (const [at, [name, value]] of shape.entries()) {
    const isOptional = value instanceof z.ZodOptional
    const one = formOf(isOptional ? value.unwrap() : value)
    if (!isOptional) required |= 1 << at
    if (one !== undefined && !isForbiddenText(name)) members.push(member(name, at, one))
  }
  return { type, members, required }
}

/** Undefined: the schema has to be asked. */
function formOf(schema: unknown): Form | undefined {
  const known = FORMS.get(schema)
  if (known !== undefined) return known
  if (schema instanceof z.ZodEnum) return choice(schema.options.filter(isText))
  if (schema instanceof z.ZodBoolean && !hasChecks(schema)) return { ...text(0, 0), kind: BOOLEAN }
  return schema instanceof z.ZodNumber ? boundsOf(schema) : undefined
}

/** Of a number that has no check but bounds that it may reach. */
function boundsOf(schema: z.ZodNumber): Form | undefined {
  let [min, max] = [-Infinity, Infinity]
  for (const one of schema.def.checks ?? []) {
    const bound = one._zod.def as Readonly<{ check: string; value?: unknown; inclusive?: boolean }>
    if (bound.inclusive !== true || typeof bound.value !== 'number') return undefined
    if (bound.check === 'greater_than') min = Math.max(min, bound.value)
    else if (bound.check === 'less_than') max = Math.min(max, bound.value)
    else return undefined
  }
  return whole(min, max)
}

function hasChecks(schema: z.ZodType): boolean {
  return (schema.def.checks ?? []).length > 0
}

function checked(check: (text: string) => boolean): Form {
  return { kind: CHECKED, min: 0, max: 0, check, choices: [] }
}

function isAnything(): boolean {
  return true
}

function isText(option: unknown): option is string {
  return typeof option === 'string'
}

function isDigits4(value: string): boolean {
  if (value.length !== 4) return false
  for (let at = 0; at < 4; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 48 || unit > 57) return false
  }
  return true
}

/** The forms of `forms.ts` by identity: what they check is no part of the schema that can be read. */
const FORMS: ReadonlyMap<unknown, Form> = new Map<unknown, Form>([
  [form.id, text(1, 64)],
  [form.text, text(1, 256)],
  [form.freeText, text(0, 500)],
  [form.amount, whole(0, Number.MAX_SAFE_INTEGER)],
  [form.signedAmount, whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)],
  [form.count, whole(0, Number.MAX_SAFE_INTEGER)],
  [form.currency, checked(isCurrency)],
  [form.day, checked(isDay)],
  [form.instant, checked(isInstant)],
  [form.dayOrInstant, checked((when) => isDay(when) || isInstant(when))],
  [form.zone, checked(isZone)],
  [form.digits4, checked(isDigits4)],
  [form.country, checked((code) => /^[A-Z]{2}$/.test(code))],
])
