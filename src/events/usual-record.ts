/**
 * The usual record in one pass over its bytes: no blanks, no escapes, ASCII, flat data, nothing but
 * members we know, each once, and all of them good. Gives the event that the schemas would give;
 * of anything else it knows only that somebody else has to look.
 */
import { headersHoldCard } from './card-data.ts'
import { shapeOf } from './cloud-events.ts'
import { TENANT_DEFAULT, type DecodeOptions } from './envelope.ts'
import type { TerminalEvent } from './event.ts'
import { hashOfBody, hashOfId } from './hash.ts'
import { isKeyBytes, isKeyText, isSameKey } from './keys.ts'
import {
  member,
  NESTED,
  planOf,
  text,
  whole,
  choice,
  type Member,
  type Plan,
} from './member-plan.ts'
import type { LogRecord } from './record.ts'
import { parseInstant } from './time-text.ts'
import { valueAt, type Cursor } from './usual-values.ts'

type Members = Record<string, unknown>
type Data = Readonly<{ plan: Plan; data: Members; start: number; end: number }>

/** Longer ones are not usual, and their text would be made for nothing. */
const USUAL_BYTES_MAX = 4_096
const OPEN = 123
const CLOSE = 125
const COMMA = 44

const DECODER = new TextDecoder()

const anyText = text(0, USUAL_BYTES_MAX)
/** What `checkEnvelope` reads, then what some send besides. */
const ENVELOPE: readonly Member[] = [
  member('specversion', 0, choice(['1.0'])),
  member('id', 1, text(1, 256)),
  member('source', 2, text(1, 256)),
  member('type', 3, text(1, 256)),
  member('subject', 4, text(1, 64)),
  member('time', 5, anyText),
  member('tenantid', 6, text(1, 64)),
  member('schemaversion', 7, whole(1, 1)),
  member('receivedat', 8, anyText),
  member('data', 9, { ...anyText, kind: NESTED }),
  member('datacontenttype', 10, anyText),
  member('dataschema', 11, anyText),
  member('sequence', 12, anyText),
]
const REQUIRED_PLAIN = bitsOf('id source type subject time data')
const REQUIRED_STRUCTURED = REQUIRED_PLAIN | bitsOf('specversion')

/** Undefined: not usual, which says nothing about whether it is good. */
export function usualEvent(
  { key, value: bytes, headers }: LogRecord,
  options: DecodeOptions,
): TerminalEvent | undefined {
  if (bytes === undefined || bytes.length > USUAL_BYTES_MAX || bytes[0] !== OPEN) return undefined
  const shape = shapeOf(headers)
  if (shape === 'binary' || headersHoldCard(headers)) return undefined
  // Bytes and characters stand at the same places up to the first that is not ASCII: there it ends.
  const cursor = { bytes, text: DECODER.decode(bytes), at: 0, met: 0 }
  const envelope: Members = {}
  if (!readMembers(cursor, ENVELOPE, envelope) || cursor.at !== bytes.length) return undefined
  const required = shape === 'plain' ? REQUIRED_PLAIN : REQUIRED_STRUCTURED
  if ((cursor.met & required) !== required) return undefined
  if (!isOfKey(envelope['subject'] as string, key, options.keyOptional === true)) return undefined
  return eventOf(envelope, bytes, options.tenantBound)
}

/** A card number in the key would have been found in the same text. */
function isOfKey(subject: string, key: Uint8Array | undefined, isOptional: boolean): boolean {
  if (key === undefined) return isOptional && isKeyText(subject)
  return isKeyBytes(key) && isSameKey(key, subject)
}

function eventOf(
  envelope: Members,
  bytes: Uint8Array,
  tenantBound: string | undefined,
): TerminalEvent | undefined {
  const { time, receivedat, tenantid = TENANT_DEFAULT } = envelope as Record<string, string>
  const timeMs = parseInstant(time as string)
  const receivedAtMs = receivedat === undefined ? undefined : parseInstant(receivedat)
  if (timeMs === undefined || (receivedat !== undefined && receivedAtMs === undefined)) {
    return undefined
  }
  if (tenantid !== TENANT_DEFAULT && !isKeyText(tenantid)) return undefined
  if (tenantBound !== undefined && tenantid !== tenantBound) return undefined
  const {
    id,
    source,
    subject: merchantId,
  } = envelope as Record<'id' | 'source' | 'subject', string>
  const { plan, data, start, end } = envelope['data'] as Data
  const { type } = plan
  const idHash = hashOfId(source, id)
  const bodyHash = hashOfBody(type, timeMs, { bytes, start, end })
  const tenant = tenantid
  const event =
    receivedAtMs === undefined
      ? { type, id, source, tenant, merchantId, timeMs, idHash, bodyHash, data }
      : { type, id, source, tenant, merchantId, timeMs, receivedAtMs, idHash, bodyHash, data }
  return event as TerminalEvent
}

/**
 * An object from brace to brace; its members go into `object`, in the order sent. False: not usual,
 * and the cursor is of no use any more.
 */
function readMembers(cursor: Cursor, members: readonly Member[], object: Members): boolean {
  const { bytes } = cursor
  if (bytes[cursor.at] !== OPEN) return false
  cursor.at++
  for (let from = 0; ;) {
    const which = memberAt(bytes, cursor.at, { members, from })
    const one = members[which]
    if (one === undefined || (cursor.met & one.bit) !== 0) return false
    cursor.at += one.written.length
    const value = one.kind === NESTED ? dataAt(cursor, object) : valueAt(cursor, one)
    if (value === undefined) return false
    cursor.met |= one.bit
    object[one.name] = value
    from = which + 1
    const next = bytes[cursor.at++]
    if (next !== COMMA) return next === CLOSE
  }
}

type Search = Readonly<{ members: readonly Member[]; from: number }>

/** The member whose name begins here, looked for from the one expected on; −1: a stranger. */
function memberAt(bytes: Uint8Array, at: number, { members, from }: Search): number {
  for (let which = from; which < members.length; which++) {
    if (isWritten(bytes, at, (members[which] as Member).written)) return which
  }
  for (let which = 0; which < from; which++) {
    if (isWritten(bytes, at, (members[which] as Member).written)) return which
  }
  return -1
}

function isWritten(bytes: Uint8Array, at: number, written: Uint8Array): boolean {
  // All begin with a quote, so that one comes last.
  for (let i = 1; i < written.length; i++) if (bytes[at + i] !== written[i]) return false
  return bytes[at] === written[0]
}

/** The type has to stand before it. */
function dataAt(cursor: Cursor, envelope: Members): Data | undefined {
  const { met, at: start } = cursor
  const type = envelope['type']
  const plan = type === undefined ? undefined : planOf(type as string)
  if (plan === undefined) return undefined
  const data: Members = {}
  cursor.met = 0
  if (!readMembers(cursor, plan.members, data)) return undefined
  if ((cursor.met & plan.required) !== plan.required) return undefined
  cursor.met = met
  return { plan, data, start, end: cursor.at }
}

function bitsOf(names: string): number {
  return names
    .split(' ')
    .reduce((bits, name) => bits | (ENVELOPE.find((it) => it.name === name)?.bit ?? 0), 0)
}
