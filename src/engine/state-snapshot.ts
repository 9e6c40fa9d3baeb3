/**
 * A partition's state as lines of JSON, to be kept outside the store: a head, the parts in any order, and a
 * tail that counts them. Bytes are base64. The checksum over all lines before it is the file's, in the tail.
 */
import type { Cursor, OutboxEntry } from '../core/ports.ts'
import { decodeMeta } from './meta.ts'

export type SnapshotHead = Readonly<{
  topic: string
  partition: number
  partitionCount: number
  cursor: Cursor
  meta: Uint8Array
}>

export type SnapshotPart =
  | Readonly<{ kind: 'field'; field: string; value: Uint8Array }>
  | Readonly<{ kind: 'due'; bucket: number; accounts: readonly string[] }>
  | Readonly<{ kind: 'outbox'; entry: OutboxEntry }>

export type SnapshotCounts = Readonly<Record<SnapshotPart['kind'], number>>
export type SnapshotTail = Readonly<{ counts: SnapshotCounts; sha256: string }>

const FORMAT = 'forewarn-state'
const VERSION = 1

export function headLine({ meta, ...head }: SnapshotHead): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, ...head, meta: meta.toBase64() })
}

/** Raises an Error for what is no snapshot, or one that only a newer version can read. */
export function readHead(line: string): SnapshotHead {
  const head = parsed(line) as SnapshotHead & { format?: unknown; version?: unknown; meta: string }
  const { format, version, topic, partition, partitionCount, cursor } = head
  if (format !== FORMAT) throw new Error('this is no exported state')
  if (version !== VERSION) {
    throw new Error(
      `exported in format ${String(version)}, this program knows ${VERSION}: use a newer one`,
    )
  }
  const meta = Uint8Array.fromBase64(head.meta)
  // What it notes is not needed here, but that it can be read is.
  decodeMeta(meta)
  return { topic, partition, partitionCount, cursor, meta }
}

export function partLine(part: SnapshotPart): string {
  switch (part.kind) {
    case 'field':
      return JSON.stringify(['f', part.field, part.value.toBase64()])
    case 'due':
      return JSON.stringify(['d', part.bucket, part.accounts])
    case 'outbox':
      return JSON.stringify(['o', packed(part.entry)])
  }
}

/** Undefined: it is the tail. */
export function readPart(line: string): SnapshotPart | undefined {
  const found = parsed(line)
  if (!Array.isArray(found)) return undefined
  const [kind, first, second] = found as [string, unknown, unknown]
  if (kind === 'f') {
    return { kind: 'field', field: String(first), value: Uint8Array.fromBase64(String(second)) }
  }
  if (kind === 'd') return { kind: 'due', bucket: Number(first), accounts: second as string[] }
  if (kind === 'o') return { kind: 'outbox', entry: unpacked(first as Packed) }
  throw new Error('a line of the exported state is of an unknown kind')
}

export function tailLine(tail: SnapshotTail): string {
  return JSON.stringify({ end: true, ...tail })
}

export function readTail(line: string): SnapshotTail {
  const { end, counts, sha256 } = parsed(line) as SnapshotTail & { end?: unknown }
  if (end !== true) throw new Error('the exported state is cut short')
  return { counts, sha256 }
}

export function noParts(): { -readonly [kind in keyof SnapshotCounts]: number } {
  return { field: 0, due: 0, outbox: 0 }
}

type Packed = Omit<OutboxEntry, 'key' | 'value' | 'headers'> &
  Readonly<{ key: string; value?: string; headers: readonly (readonly [string, string])[] }>

function packed({ key, value, headers, ...entry }: OutboxEntry): Packed {
  return {
    ...entry,
    key: key.toBase64(),
    ...(value === undefined ? {} : { value: value.toBase64() }),
    headers: headers.map(([name, bytes]) => [name, bytes.toBase64()]),
  }
}

function unpacked({ key, value, headers, ...entry }: Packed): OutboxEntry {
  return {
    ...entry,
    key: Uint8Array.fromBase64(key),
    value: value === undefined ? undefined : Uint8Array.fromBase64(value),
    headers: headers.map(([name, bytes]) => [name, Uint8Array.fromBase64(bytes)]),
  }
}

function parsed(line: string): object {
  try {
    const found: unknown = JSON.parse(line)
    if (typeof found === 'object' && found !== null) return found
  } catch {
    // Told below.
  }
  throw new Error('the file is no exported state, or was damaged')
}
