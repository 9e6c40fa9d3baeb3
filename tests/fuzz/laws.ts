/** What holds of any record at all. Each law returns what is broken, or nothing. */
import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { shapeOf } from '../../src/events/cloud-events.ts'
import { deadLetterIdOf, type HeaderStyle } from '../../src/events/dead-letter-headers.ts'
import { deadLetter, type DeadLetter } from '../../src/events/dead-letter.ts'
import { decodeBySchema } from '../../src/events/decode.ts'
import type { DecodeOptions } from '../../src/events/envelope.ts'
import { DEAD_CODES, type DeadReason, type Decoded } from '../../src/events/event.ts'
import type { LogRecord } from '../../src/events/record.ts'
import { DATA_SCHEMAS } from '../../src/events/schemas.ts'
import { utf8 } from '../events/samples.ts'
import { tells } from './canary.ts'

type Broken = string | undefined

const STYLES: readonly HeaderStyle[] = ['native', 'connect', 'spring']
const DECODER = new TextDecoder()
/** A bound on our headers: names, coordinates, and a message of at most 512 bytes. */
const OURS_BYTES_MAX = 2_048

/** The short cut gives what the schemas give: verdict, code, path, message and event. */
export function brokenDecode(record: LogRecord, options: DecodeOptions, decoded: Decoded): Broken {
  const slowly = decodeBySchema(record, options)
  if (!isDeepStrictEqual(decoded, slowly)) {
    return `the short cut: ${verdictOf(decoded)}, the schema: ${verdictOf(slowly)}`
  }
  if (decoded.kind === 'event') return brokenEvent(record, decoded)
  return decoded.kind === 'dead' ? brokenReason(decoded.reason) : undefined
}

/** The published schema, not compiled, takes the same data and gives the same. */
function brokenEvent(record: LogRecord, { event, ignored }: Decoded & { kind: 'event' }): Broken {
  const { success, data } = DATA_SCHEMAS[event.type].safeParse(dataOf(record))
  if (ignored !== undefined) return success ? 'something known was ignored' : undefined
  if (!success) return 'the published schema refuses it'
  return isDeepStrictEqual(data, event.data) ? undefined : 'the published schema gives other data'
}

function dataOf(record: LogRecord): unknown {
  const value = record.value ?? new Uint8Array(0)
  const sent = JSON.parse(DECODER.decode(value[0] === 0 ? value.subarray(5) : value))
  return shapeOf(record.headers) === 'binary' ? sent : sent.data
}

function brokenReason({ code, message, stage }: DeadReason): Broken {
  if (!DEAD_CODES.includes(code)) return `the code ${code} is none`
  if (!['decode', 'validate', 'apply'].includes(stage)) return `the stage ${stage} is none`
  return utf8(message).length > 512 ? 'the message is too long' : undefined
}

/** It says whence it came, and nothing of a card. `canary`: what was planted in the record. */
export function brokenLetter(reason: DeadReason, record: LogRecord, canary?: string): Broken {
  const headerStyle = STYLES[Math.abs(record.offset) % STYLES.length] ?? 'native'
  const place = { topic: 't', partition: 0, group: 'g', firstFailedAtMs: 0, appVersion: '0' }
  const letter = deadLetter(reason, record, { ...place, headerStyle }, (bytes) =>
    hash('sha256', bytes, 'hex'),
  )
  const id = deadLetterIdOf(letter.headers, headerStyle)
  if (id !== letter.id || id !== `t-0-${record.offset}`) return `it came from ${id}`
  if (bytesOf(letter) > 3 * 64 * 1024 + OURS_BYTES_MAX) return 'the dead letter is too large'
  if (canary === undefined) return undefined
  if (!reason.hasCardData) return 'the card was not seen'
  const parts = [letter.key, letter.value, ...letter.headers.flatMap(([n, v]) => [utf8(n), v])]
  return parts.some((part) => tells(part, canary)) ? 'the dead letter tells the card' : undefined
}

/** What was planted has to make it dead. */
export function brokenCard(decoded: Decoded): Broken {
  return decoded.kind === 'dead' ? undefined : `a card came through as ${verdictOf(decoded)}`
}

function bytesOf({ key, value, headers }: DeadLetter): number {
  const ours = headers.reduce((sum, [name, bytes]) => sum + name.length + bytes.length, 0)
  return key.length + (value?.length ?? 0) + ours
}

export function verdictOf(decoded: Decoded): string {
  if (decoded.kind !== 'dead') return decoded.kind
  const { code, path } = decoded.reason
  return path === undefined ? code : `${code} ${path}`
}
