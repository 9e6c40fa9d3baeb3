/**
 * What the engine notes about a partition beside its accounts: version byte, length of the notes
 * (32 bits, little-endian), the notes as JSON, then the fold's own memory as it encoded it.
 */
import { STATE_VERSION } from '../core/codec.ts'
import type { ReadBackMark } from '../core/ports.ts'
import type { Fingerprint } from './fingerprint.ts'
import type { Acceptance } from './incident.ts'
import type { PolicyMark } from './policy-mark.ts'

export type Meta = Readonly<{
  partitionCount: number
  /** Offset at which the fold of this partition began. */
  origin: number
  /** Of the next outbox entry. */
  sequence: number
  mark: ReadBackMark | undefined
  /** Of the record folded last; undefined: none yet. */
  fingerprint: Fingerprint | undefined
  /** Undefined: an earlier version wrote the state. */
  policy: PolicyMark | undefined
  /** Incidents that somebody accepted; absent: none. */
  accepted?: readonly Acceptance[]
  memory: Uint8Array
}>

/**
 * Of the accounts' sections and of what the store keeps beside them: one newer version's commit, and no
 * older program writes beside it. Absent: written before it was noted here.
 */
type Versioned = Readonly<{ stateVersion?: number }>

const VERSION = 1
const HEAD_BYTES = 5

export function encodeMeta({ memory, ...notes }: Meta): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ ...notes, stateVersion: STATE_VERSION }))
  const bytes = new Uint8Array(HEAD_BYTES + json.length + memory.length)
  bytes[0] = VERSION
  new DataView(bytes.buffer).setUint32(1, json.length, true)
  bytes.set(json, HEAD_BYTES)
  bytes.set(memory, HEAD_BYTES + json.length)
  return bytes
}

/** Raises for what a newer version wrote: guessing would be worse than not starting. */
export function decodeMeta(bytes: Uint8Array): Meta {
  if (bytes[0] !== VERSION) throw new Error('the state was written by another version of Forewarn')
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true)
  const json = bytes.subarray(HEAD_BYTES, HEAD_BYTES + length)
  const notes = JSON.parse(new TextDecoder().decode(json)) as Omit<Meta, 'memory'> & Versioned
  // Absent members come back as undefined: JSON leaves them out.
  const { mark, fingerprint, policy, stateVersion = STATE_VERSION, ...rest } = notes
  if (stateVersion > STATE_VERSION) {
    throw new Error(
      `the stored state is of version ${stateVersion}, this program knows ${STATE_VERSION}: run a newer one`,
    )
  }
  return { ...rest, mark, fingerprint, policy, memory: bytes.slice(HEAD_BYTES + length) }
}
