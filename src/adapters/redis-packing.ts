/** What the store keeps as bytes of its own: outbox entries and the ids listed at a bucket. */
import type { OutboxEntry, OutputTopic } from '../core/ports.ts'

const TOPICS: readonly OutputTopic[] = ['warnings', 'standing', 'deadLetters']
const VERSION = 1
const NOTHING = new Uint8Array()
const ID_BYTES_MAX = 0x7fff
/** Shorter ids have a length of one byte. */
const SHORT_END = 0x80

/** `version, topic, has value`, then id, key, value, header names and values, each with its length. */
export function packEntry(entry: OutboxEntry): Buffer {
  const { id, key, value, headers } = entry
  let size = 3 + 12 + Buffer.byteLength(id) + key.length + (value?.length ?? 0)
  for (const [name, head] of headers) size += 8 + Buffer.byteLength(name) + head.length
  const bytes = Buffer.allocUnsafe(size)
  bytes[0] = VERSION
  bytes[1] = TOPICS.indexOf(entry.topic)
  bytes[2] = value === undefined ? 0 : 1
  let at = writeText(bytes, 3, id)
  at = writePart(bytes, at, key)
  at = writePart(bytes, at, value ?? NOTHING)
  for (const [name, head] of headers) {
    at = writePart(bytes, writeText(bytes, at, name), head)
  }
  return bytes
}

function writePart(to: Buffer, at: number, part: Uint8Array): number {
  to.writeUInt32LE(part.length, at)
  to.set(part, at + 4)
  return at + 4 + part.length
}

function writeText(to: Buffer, at: number, text: string): number {
  const length = to.write(text, at + 4)
  to.writeUInt32LE(length, at)
  return at + 4 + length
}

export function unpackEntry(sequence: number, bytes: Buffer): OutboxEntry {
  const topic = TOPICS[bytes.readUInt8(1)]
  if (bytes.readUInt8(0) !== VERSION || topic === undefined) {
    throw new Error(`outbox entry ${sequence} was written by a newer version`)
  }
  const parts: Buffer[] = []
  for (let at = 3; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at)
    parts.push(bytes.subarray(at + 4, end))
    at = end
  }
  const [id, key, value, ...rest] = parts
  if (id === undefined || key === undefined)
    throw new Error(`outbox entry ${sequence} is cut short`)
  const headers: [string, Uint8Array][] = []
  for (let i = 0; i + 1 < rest.length; i += 2) {
    headers.push([String(rest[i]), rest[i + 1] ?? new Uint8Array()])
  }
  const hasValue = bytes.readUInt8(2) === 1
  return { sequence, topic, id: String(id), key, value: hasValue ? value : undefined, headers }
}

/** Ids with their lengths, so that a later list can be appended: some 10 bytes an account. */
export function packIds(ids: readonly string[]): Buffer {
  const lengths = ids.map((id) => Buffer.byteLength(id))
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 2 + length, 0))
  let at = 0
  for (const [i, id] of ids.entries()) {
    const length = lengths[i] as number
    if (length > ID_BYTES_MAX) throw new RangeError('an account id is longer than 32 kB')
    if (length >= SHORT_END) bytes[at++] = SHORT_END | (length >> 8)
    bytes[at++] = length & 0xff
    at += bytes.write(id, at)
  }
  return bytes.subarray(0, at)
}

/** A tail that was cut ends the list. */
export function unpackIds(bytes: Buffer): string[] {
  const ids: string[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes.readUInt8(at)
    const isShort = first < SHORT_END
    if (!isShort && at + 1 >= bytes.length) break
    const length = isShort ? first : ((first & 0x7f) << 8) | bytes.readUInt8(at + 1)
    const from = at + (isShort ? 1 : 2)
    if (from + length > bytes.length) break
    ids.push(bytes.toString('utf8', from, from + length))
    at = from + length
  }
  return ids
}
