/** Lines of a file or of standard input as records, in batches. Gzip is noticed and undone. */
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { RawRecord } from '../core/ports.ts'

/** A path, `-` for standard input, or a stream of bytes. */
export type LineSource = string | Readable

const CHUNK = 2 ** 20
/** Far beyond the largest event that is accepted: what follows on such a line is not kept. */
const LINE_MAX = 2 ** 20
const NEWLINE = 0x0a
const GZIP = Buffer.from([0x1f, 0x8b])

/**
 * The offset of a record is its line, from 0; blank lines are no records. A line as `kcat -J` writes
 * it gives key, payload, headers and time; any other line is the value. Raises the error of the file.
 */
export async function* readLines(source: LineSource): AsyncGenerator<RawRecord[]> {
  let line = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of chunksOf(source)) {
    const chunk = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    const records: RawRecord[] = []
    let from = 0
    // The rest was searched before, unless it is the beginning.
    for (let at = chunk.indexOf(NEWLINE, rest.length); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      pushRecord(records, line, chunk.subarray(from, at))
      line += 1
      from = at + 1
    }
    rest = chunk.subarray(from, from + LINE_MAX)
    if (records.length > 0) yield records
  }
  const last: RawRecord[] = []
  pushRecord(last, line, rest)
  if (last.length > 0) yield last
}

const NONE: RawRecord['headers'] = []
const WRAPPER = '{"topic":'

function pushRecord(records: RawRecord[], offset: number, bytes: Buffer): void {
  const value = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes
  if (value.length === 0) return
  const isWrapped = value.toString('latin1', 0, WRAPPER.length) === WRAPPER
  const record = isWrapped ? unwrapped(offset, value) : undefined
  records.push(record ?? { offset, key: undefined, value, headers: NONE, timestampMs: undefined })
}

type Wrapper = Readonly<{
  topic: unknown
  partition: unknown
  offset: unknown
  payload: unknown
  key?: unknown
  ts?: unknown
  headers?: unknown
}>

/** Undefined where it only looks like one: then the line is judged as it is. */
function unwrapped(offset: number, line: Buffer): RawRecord | undefined {
  const wrapper = parsed(line)
  if (wrapper === undefined) return undefined
  const { key, payload, headers, ts } = wrapper
  return {
    offset,
    key: bytesOf(key),
    value: bytesOf(payload),
    headers: Array.isArray(headers) ? pairsOf(headers) : NONE,
    timestampMs: isInstant(ts) ? ts : undefined,
  }
}

/** Whole milliseconds up to the year 9998: beyond it a date has no next day. */
function isInstant(ts: unknown): ts is number {
  return Number.isSafeInteger(ts) && (ts as number) >= 0 && (ts as number) < TS_END_MS
}

const TS_END_MS = Date.UTC(9999, 0, 1)

function parsed(line: Buffer): Wrapper | undefined {
  try {
    const wrapper = JSON.parse(line.toString()) as Wrapper
    const hasPlace = typeof wrapper.partition === 'number' && typeof wrapper.offset === 'number'
    return hasPlace && 'payload' in wrapper ? wrapper : undefined
  } catch {
    return undefined
  }
}

function bytesOf(text: unknown): Buffer | undefined {
  return typeof text === 'string' ? Buffer.from(text) : undefined
}

/** kcat lists names and values in turn. */
function pairsOf(flat: readonly unknown[]): RawRecord['headers'] {
  const pairs: [string, Uint8Array][] = []
  for (let i = 0; i + 1 < flat.length; i += 2) {
    pairs.push([String(flat[i]), bytesOf(flat[i + 1]) ?? Buffer.alloc(0)])
  }
  return pairs
}

async function* chunksOf(source: LineSource): AsyncGenerator<Buffer> {
  const bytes = streamOf(source)[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head: Buffer = Buffer.alloc(0)
  while (head.length < GZIP.length) {
    const next = await bytes.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  const all = withHead(head, bytes)
  yield* head.subarray(0, GZIP.length).equals(GZIP) ? unzipped(all) : all
}

async function* withHead(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next())
      yield next.value
  } finally {
    await rest.return?.()
  }
}

async function* unzipped(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  // Its error is raised by the loop, which reads the other end.
  pipeline(bytes, gunzip).catch(() => {})
  yield* gunzip as AsyncIterable<Buffer>
}

function streamOf(source: LineSource): Readable {
  if (typeof source !== 'string') return source
  return source === '-' ? process.stdin : createReadStream(source, { highWaterMark: CHUNK })
}
