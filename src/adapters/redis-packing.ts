/** What the store keeps as bytes of its own: outbox entries and the ids listed at a bucket. */
import type { OutboxEntry, OutputTopic } from '../core/ports.ts'

const TOPICS: readonly OutputTopic[] = ['warnings', 'standing', 'deadLetters']
const VERSION = 1

/** `version, topic, has value`, then id, key, value, header names and values, each with its length. */
export function packEntry(entry: OutboxEntry): Buffer {
  const parts: Uint8Array[] = [Buffer.from(entry.id), entry.key, entry.value ?? new Uint8Array()]
  for (const [name, value] of entry.headers) parts.push(Buffer.from(name), value)
  const size = parts.reduce((sum, part) => sum + 4 + part.length, 3)
  const bytes = Buffer.allocUnsafe(size)
  bytes.set([VERSION, TOPICS.indexOf(entry.topic), entry.value === undefined ? 0 : 1])
  let at = 3
  for (const part of parts) {
    bytes.writeUInt32LE(part.length, at)
    bytes.set(part, at + 4)
    at += 4 + part.length
  }
  return bytes
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
  const parts = ids.flatMap((id) => {
    const bytes = Buffer.from(id)
    if (bytes.length > 0x7fff) throw new RangeError('an account id is longer than 32 kB')
    const isShort = bytes.length < 0x80
    const length = isShort ? [bytes.length] : [0x80 | (bytes.length >> 8), bytes.length & 0xff]
    return [Buffer.from(length), bytes]
  })
  return Buffer.concat(parts)
}

/** A tail that was cut ends the list. */
export function unpackIds(bytes: Buffer): string[] {
  const ids: string[] = []
  for (let at = 0; at < bytes.length;) {
    const first = bytes.readUInt8(at)
    const isShort = first < 0x80
    if (!isShort && at + 1 >= bytes.length) break
    const length = isShort ? first : ((first & 0x7f) << 8) | bytes.readUInt8(at + 1)
    const from = at + (isShort ? 1 : 2)
    if (from + length > bytes.length) break
    ids.push(bytes.toString('utf8', from, from + length))
    at = from + length
  }
  return ids
}
