/**
 * A record as it stands in a batch of format 2, in one buffer of its exact size. kafkajs makes a
 * zeroed one of 512 bytes for it and for each of its headers: some 30 microseconds a record.
 */

/** What kafkajs asks to be encoded: a message, and its place in the batch. */
export type RecordParts = Readonly<{
  offsetDelta?: number
  timestampDelta?: number
  key?: unknown
  value?: unknown
  headers?: Readonly<Record<string, unknown>> | HeaderList
}>

/** What kafkajs itself does not know: an object for each record costs more than to encode it. */
export type HeaderList = readonly (readonly [name: string, value: Uint8Array])[]

/** As much of kafkajs's encoder as is read of a record. */
export type EncodedRecord = Readonly<{ buf: Buffer; buffer: Buffer; size: () => number }>

/**
 * The bytes kafkajs would have made; undefined where it is for kafkajs to say what becomes of it: a
 * key, value or header that is neither bytes nor text nor nothing, a number that is not a whole one.
 */
export function encodeRecord(parts: RecordParts): EncodedRecord | undefined {
  const { offsetDelta = 0, timestampDelta = 0, headers = {} } = parts
  // What has no bytes is written as a length of −1.
  const key = parts.key ?? undefined
  const value = parts.value ?? undefined
  const list = listOf(headers)
  const isPlain = isBytes(key) && isBytes(value) && list !== undefined && isInt32(offsetDelta)
  if (!isPlain || !isZigZaggable(timestampDelta)) return undefined
  let body = 1 + sizeOfVarint(timestampDelta) + sizeOfVarint(offsetDelta)
  body += sizeOfBytes(key) + sizeOfBytes(value) + sizeOfVarint(list.length >> 1)
  for (const it of list) body += sizeOfBytes(it)

  const bytes = Buffer.allocUnsafe(sizeOfVarint(body) + body)
  let at = writeVarint(bytes, 0, body)
  // Attributes of a record: there are none.
  bytes[at++] = 0
  at = writeVarint(bytes, at, timestampDelta)
  at = writeVarint(bytes, at, offsetDelta)
  at = writeBytes(bytes, at, key)
  at = writeBytes(bytes, at, value)
  at = writeVarint(bytes, at, list.length >> 1)
  for (const it of list) at = writeBytes(bytes, at, it)
  return { buf: bytes, buffer: bytes, size: () => bytes.length }
}

type Bytes = Uint8Array | string | undefined

function isBytes(it: unknown): it is Bytes {
  return it === undefined || typeof it === 'string' || it instanceof Uint8Array
}

/** Name, value, name, value …; undefined where a value is one that kafkajs would stumble over. */
function listOf(headers: NonNullable<RecordParts['headers']>): Bytes[] | undefined {
  if (isHeaderList(headers)) return headers.flat()
  const list: Bytes[] = []
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined || !isBytes(one)) return undefined
      list.push(name, one)
    }
  }
  return list
}

function isHeaderList(headers: NonNullable<RecordParts['headers']>): headers is HeaderList {
  return Array.isArray(headers)
}

function isInt32(value: number): boolean {
  return value === (value | 0)
}

/** Twice it is still exact. */
function isZigZaggable(value: number): boolean {
  return Number.isSafeInteger(value) && Number.isSafeInteger(2 * value)
}

const lengthOf = (it: Uint8Array | string): number =>
  typeof it === 'string' ? Buffer.byteLength(it) : it.length

function sizeOfBytes(it: Bytes): number {
  if (it === undefined) return 1
  const length = lengthOf(it)
  return sizeOfVarint(length) + length
}

function writeBytes(to: Buffer, at: number, it: Bytes): number {
  if (it === undefined) return writeVarint(to, at, -1)
  if (typeof it === 'string') {
    const from = writeVarint(to, at, Buffer.byteLength(it))
    return from + to.write(it, from)
  }
  const from = writeVarint(to, at, it.length)
  to.set(it, from)
  return from + it.length
}

const zigZag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)

function sizeOfVarint(value: number): number {
  let size = 1
  for (let rest = zigZag(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) size++
  return size
}

function writeVarint(to: Buffer, at: number, value: number): number {
  let rest = zigZag(value)
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) to[at++] = (rest % 0x80) | 0x80
  to[at++] = rest
  return at
}
