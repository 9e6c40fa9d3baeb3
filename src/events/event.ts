import type { EventData } from './schemas.ts'

/** Every event type the input may carry, control records included. */
export type EventType = keyof EventData

/** One fact, past tense: a union by `type`. `data` holds what the schema of that type promises. */
export type TerminalEvent = {
  [Type in EventType]: EventOf<Type>
}[EventType]

export type EventOf<Type extends EventType> = Readonly<{
  type: Type
  /** As sent: 1 to 256 bytes. Unique together with `source`. */
  id: string
  source: string
  tenant: string
  /** The account's key; `*` in a control record. */
  merchantId: string
  /** When it happened, as the source says: not clamped yet. */
  timeMs: number
  /** `receivedat` of the envelope: the arrival of a line in a file. */
  receivedAtMs?: number
  /** 48 bits of a fixed-seed hash of `source ⏎ id`, as an integer below 2^48. */
  idHash: number
  /** 16 bits of a hash of type, time and data in the order sent: tells a repeat from another body. */
  bodyHash: number
  data: EventData[Type]
}>

/** What became of a record's bytes. */
export type Decoded =
  | Readonly<{
      kind: 'event'
      event: TerminalEvent
      /** Members of closed lists whose value we do not know, read as absent: to be counted. */
      ignored?: readonly string[]
    }>
  /** Well-formed, of a type we do not know: counted and passed over. */
  | Readonly<{ kind: 'unknown'; type: string }>
  | Readonly<{ kind: 'dead'; reason: DeadReason }>

export type DeadReason = Readonly<{
  code: DeadCode
  stage: 'decode' | 'validate' | 'apply'
  /** Member path such as `data.amount`; absent where the record as a whole is at fault. */
  path?: string
  /** For people: what is wrong and what to do; at most 512 bytes; never a value that could be card data. */
  message: string
  /** Card data was found somewhere in the record: its bytes may go nowhere. */
  hasCardData: boolean
}>

/** Stable words, in the order in which they are tried (`docs/dead-letters.md`). */
export const DEAD_CODES = [
  'batch-unreadable',
  'value-missing',
  'value-too-large',
  'encoding-invalid',
  'json-invalid',
  'json-too-deep',
  'json-too-wide',
  'json-duplicate-key',
  'json-not-object',
  'key-missing',
  'key-invalid',
  'key-mismatch',
  'attribute-missing',
  'attribute-invalid',
  'time-invalid',
  'schema-version-unsupported',
  'tenant-mismatch',
  'field-missing',
  'field-invalid',
  'currency-unknown',
  'zone-unknown',
  'card-data',
  'id-reused',
] as const
export type DeadCode = (typeof DEAD_CODES)[number]
