/** The ring of attempts as it is stored: narrower than its rows in memory. */
import { ATTEMPT_WIDTH, countHour } from './attempts.ts'
import type { Attempts } from './attempts.ts'
import type { Reader, Writer } from './bytes.ts'
import { pack, unpack } from './packed.ts'
import { addRows, get16, get48, put16, put48 } from './rows.ts'

/** Where the members of a row stand. */
const TRANSACTION = 6
const CARD = 12
const AMOUNT = 18
const TERMINAL = 24
const CODE = 26
const ISSUER = 28
const FLAGS = 30

/** Of the six in memory: hashes have 40 bits. */
const HASH_BYTES = 5

const HAS_CARD = 1
const HAS_WORDS = 2
const HAS_FLAGS = 4
const MARKS = 8

export function writeAttempts(writer: Writer, { entries, words, texts }: Attempts): void {
  const { bytes, count } = entries
  writer.count(count)
  if (count === 0) return
  let beforeMs = 0
  let flags = -1
  for (let at = 0; at < count * ATTEMPT_WIDTH; at += ATTEMPT_WIDTH) {
    const atMs = get48(bytes, at)
    writer.count(atMs - beforeMs)
    writeRow(writer, bytes, at, bytes[at + FLAGS]! !== flags)
    beforeMs = atMs
    flags = bytes[at + FLAGS]!
  }
  writer.count(words.length)
  for (const word of words) pack(writer, word)
  writer.count(texts.length)
  for (const { transaction, eventId, currency, last4 } of texts) {
    writer.wide(transaction)
    writer.text(eventId)
    pack(writer, currency)
    pack(writer, last4)
  }
}

/** Most are marked as the one before. */
function writeRow(writer: Writer, bytes: Uint8Array, at: number, hasFlags: boolean): void {
  const code = get16(bytes, at + CODE)
  const issuer = get16(bytes, at + ISSUER)
  const hasCard = get48(bytes, at + CARD) !== 0
  const hasWords = code + issuer > 0
  const has = (hasCard ? HAS_CARD : 0) | (hasWords ? HAS_WORDS : 0) | (hasFlags ? HAS_FLAGS : 0)
  writer.count(get16(bytes, at + TERMINAL) * MARKS + has)
  if (hasFlags) writer.byte(bytes[at + FLAGS]!)
  writer.copy(bytes, at + TRANSACTION, HASH_BYTES)
  if (hasCard) writer.copy(bytes, at + CARD, HASH_BYTES)
  writer.count(get48(bytes, at + AMOUNT))
  if (!hasWords) return
  writer.count(code)
  writer.count(issuer)
}

export function readAttempts(reader: Reader, attempts: Attempts): void {
  const { entries } = attempts
  const count = reader.count()
  if (count === 0) return
  let atMs = 0
  let flags = 0
  addRows(entries, ATTEMPT_WIDTH, count)
  for (let at = 0; at < count * ATTEMPT_WIDTH; at += ATTEMPT_WIDTH) {
    atMs += reader.count()
    put48(entries.bytes, at, atMs)
    flags = readRow(reader, entries.bytes, at, flags)
  }
  for (let left = reader.count(); left > 0; left--) attempts.words.push(unpack(reader) as string)
  for (let left = reader.count(); left > 0; left--) {
    const transaction = reader.wide()
    const eventId = reader.text()
    const currency = unpack(reader) as string
    attempts.texts.push({ transaction, eventId, currency, last4: unpack(reader) as string })
  }
  countHour(attempts)
}

/** Its flags. */
function readRow(reader: Reader, bytes: Uint8Array, at: number, flags: number): number {
  const told = reader.count()
  put16(bytes, at + TERMINAL, Math.floor(told / MARKS))
  bytes[at + FLAGS] = (told & HAS_FLAGS) > 0 ? reader.byte() : flags
  reader.copy(bytes, at + TRANSACTION, HASH_BYTES)
  if ((told & HAS_CARD) > 0) reader.copy(bytes, at + CARD, HASH_BYTES)
  put48(bytes, at + AMOUNT, reader.count())
  if ((told & HAS_WORDS) > 0) {
    put16(bytes, at + CODE, reader.count())
    put16(bytes, at + ISSUER, reader.count())
  }
  return bytes[at + FLAGS]!
}
