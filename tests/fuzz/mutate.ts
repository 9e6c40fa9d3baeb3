/** One thing wrong with a record, or one thing unusual: bytes, tokens, members, key, headers. */
import type { Header, LogRecord } from '../../src/events/record.ts'
import { utf8 } from '../events/samples.ts'
import type { Prng } from '../support/prng.ts'
import { NO_TEXT, ODD_BYTES, ODD_NAMES, ODD_TIMES, ODD_VALUES } from './odd-values.ts'
import { pick } from './originals.ts'

type Mutation = (record: LogRecord, dice: Prng) => LogRecord

const DECODER = new TextDecoder()
const EMPTY = new Uint8Array(0)
/** A string, a number or word, a mark of punctuation, or blanks. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[{}[\],:]|\s+/g
/** A member whose value is no container. */
const MEMBER = /"(?:[^"\\]|\\.)*":(?:"(?:[^"\\]|\\.)*"|[-+.\w]+)/g
/** As the adapters give them: those before 1970 are absent. */
const ARRIVALS = [undefined, 0, 1, 9_223_372_036_854, 253_402_300_799_000, 8.64e15, 2 ** 63]

export function mutated(record: LogRecord, dice: Prng): LogRecord {
  return pick(dice, MUTATIONS)(record, dice)
}

const flipped = bytewise((bytes, at, dice) => {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(8))
  return copy
})
const overwritten = bytewise((bytes, at, dice) => joined(bytes, at, 1, oddBytes(dice)))
const inserted = bytewise((bytes, at, dice) => joined(bytes, at, 0, oddBytes(dice)))
const removed = bytewise((bytes, at, dice) => joined(bytes, at, 1 + dice.below(12), EMPTY))
const repeated = bytewise((bytes, at, dice) =>
  joined(bytes, at, 0, bytes.subarray(at, at + 1 + dice.below(40))),
)
const cut = bytewise((bytes, at) => bytes.subarray(0, at))

const tokenReplaced = tokenwise((tokens, at, dice) => tokens.splice(at, 1, pick(dice, ODD_VALUES)))
const tokenRemoved = tokenwise((tokens, at) => tokens.splice(at, 1))
const tokenRepeated = tokenwise((tokens, at) => tokens.splice(at, 0, tokens[at] ?? ''))
const tokensSwapped = tokenwise((tokens, at, dice) => {
  const other = dice.below(tokens.length)
  const kept = tokens[at] ?? ''
  tokens[at] = tokens[other] ?? ''
  tokens[other] = kept
})
const blanksPut = tokenwise((tokens, at, dice) =>
  tokens.splice(at, 0, pick(dice, [' ', '\n', '\t'])),
)

const valueReplaced = memberwise((name, _value, dice) => `${name}:${pick(dice, ODD_VALUES)}`)
const timeReplaced = memberwise((name, value, dice) =>
  value.includes('T') ? `${name}:"${pick(dice, ODD_TIMES)}"` : `${name}:${value}`,
)
const nameReplaced = memberwise((_name, value, dice) => `"${pick(dice, ODD_NAMES)}":${value}`)
const memberRepeated = memberwise((name, value) => `${name}:${value},${name}:${value}`)
const memberRedefined = memberwise(
  (name, value, dice) => `${name}:${pick(dice, ODD_VALUES)},${name}:${value}`,
)
const memberAdded = memberwise(
  (name, value, dice) => `${name}:${value},"${pick(dice, ODD_NAMES)}":${pick(dice, ODD_VALUES)}`,
)
/** The same member, written otherwise. */
const escaped = memberwise((name, value, dice) => {
  const text = `${name}:${value}`
  const at = 1 + dice.below(text.length - 2)
  return /\w/.test(text[at] ?? '')
    ? `${text.slice(0, at)}${unitOf(text, at)}${text.slice(at + 1)}`
    : text
})

const MUTATIONS: readonly Mutation[] = [
  ...[flipped, overwritten, inserted, removed, repeated, cut],
  ...[tokenReplaced, tokenRemoved, tokenRepeated, tokensSwapped, blanksPut, blanksPut],
  ...[valueReplaced, valueReplaced, valueReplaced, valueReplaced, timeReplaced, timeReplaced],
  ...[nameReplaced, memberRepeated, memberRedefined, memberAdded, escaped, escaped],
  reordered,
  rekeyed,
  headed,
  arrived,
  emptied,
]

/** Its members in another order. */
function reordered(record: LogRecord, dice: Prng): LogRecord {
  return retold(record, (text) => {
    const members = text.match(MEMBER) ?? []
    if (members.length < 2) return text
    const [one, other] = [pick(dice, members), pick(dice, members)]
    // A function, for a `$` in a value is none of a pattern.
    return text
      .replace(one, '\u0001')
      .replace(other, () => one)
      .replace('\u0001', () => other)
  })
}

function rekeyed(record: LogRecord, dice: Prng): LogRecord {
  const key = record.key ?? EMPTY
  const keys = [
    undefined,
    EMPTY,
    utf8('*'),
    utf8('{p3}evil'),
    utf8('x'.repeat(65)),
    pick(dice, NO_TEXT),
  ]
  return { ...record, key: dice.chance(0.5) ? pick(dice, keys) : joined(key, 0, 1, oddBytes(dice)) }
}

function headed(record: LogRecord, dice: Prng): LogRecord {
  const names = [
    'content-type',
    'Content-Type',
    'ce_id',
    'ce_type',
    'ce_time',
    'traceparent',
    '\u7ec8',
  ]
  const odd = JSON.parse(pick(dice, ['"application/cloudevents"', '"text/plain"', '"1"', '""']))
  const header: Header = [pick(dice, names), dice.chance(0.7) ? utf8(odd) : oddBytes(dice)]
  const more = dice.chance(0.02) ? Array.from({ length: 2_000 }, () => header) : [header]
  const kept = record.headers.filter(() => dice.chance(0.9))
  return { ...record, headers: dice.chance(0.5) ? [...kept, ...more] : [...more, ...kept] }
}

function arrived(record: LogRecord, dice: Prng): LogRecord {
  return { ...record, timestampMs: pick(dice, ARRIVALS) }
}

function emptied(record: LogRecord, dice: Prng): LogRecord {
  const large = new Uint8Array(dice.chance(0.1) ? 256 * 1024 + dice.below(3) - 1 : 9).fill(32)
  return {
    ...record,
    value: pick(dice, [undefined, EMPTY, large, Uint8Array.of(0, 0, 0, 0, 9, 123)]),
  }
}

function bytewise(change: (bytes: Uint8Array, at: number, dice: Prng) => Uint8Array): Mutation {
  return (record, dice) => {
    const value = record.value ?? EMPTY
    return { ...record, value: change(value, dice.below(value.length + 1), dice) }
  }
}

function tokenwise(change: (tokens: string[], at: number, dice: Prng) => unknown): Mutation {
  return (record, dice) =>
    retold(record, (text) => {
      const tokens: string[] = text.match(TOKEN) ?? []
      if (tokens.length > 0) change(tokens, dice.below(tokens.length), dice)
      return tokens.join('')
    })
}

function memberwise(change: (name: string, value: string, dice: Prng) => string): Mutation {
  return (record, dice) =>
    retold(record, (text) => {
      const members = text.match(MEMBER) ?? []
      if (members.length === 0) return text
      const one = pick(dice, members)
      const end = one.indexOf('":') + 1
      return text.replace(one, () => change(one.slice(0, end), one.slice(end + 1), dice))
    })
}

/** A text of no more than 20,000 characters: the longer ones have been told often enough. */
function retold(record: LogRecord, tell: (text: string) => string): LogRecord {
  const value = record.value ?? EMPTY
  return value.length > 20_000 ? record : { ...record, value: utf8(tell(DECODER.decode(value))) }
}

function joined(bytes: Uint8Array, at: number, length: number, put: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)])
}

function oddBytes(dice: Prng): Uint8Array {
  return pick(dice, dice.chance(0.7) ? ODD_BYTES : NO_TEXT)
}

function unitOf(text: string, at: number): string {
  return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
}
