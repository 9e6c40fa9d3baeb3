/** The section that changes when somebody tells something, or a warning opens, climbs or ends. */
import { memoryOf, newAccount } from './account.ts'
import type { Account, Facts, Memory } from './account.ts'
import type { Reader, Writer } from './bytes.ts'
import { pack, packMembers, unpack, unpackMembers } from './packed.ts'
import type { Packable } from './packed.ts'
import { terminalOf } from './terminals.ts'
import type { Terminal } from './terminals.ts'

/** By how often they are there. The order is stored: add at the end, and take nothing out. */
export const FACT_NAMES: readonly (keyof Facts)[] = [
  ...(['mcc', 'country', 'zone', 'scale', 'profileMs', 'currency', 'lifecycle'] as const),
  ...(['activatedOn', 'firstActivityOn', 'documents', 'verifications', 'usual'] as const),
  ...(['newestAttemptMs', 'lifecycleMs', 'migratedMs', 'cancellation', 'pauses'] as const),
  ...(['invoices', 'balances', 'payouts', 'reactivation'] as const),
]
/** Of a terminal, what *now* does not hold. */
export const TERMINAL_NAMES: readonly (keyof Terminal)[] = [
  ...(['activations', 'roles', 'deliveries', 'retiredMs', 'replacements'] as const),
  ...(['recoveredMs', 'successor'] as const),
]

/** A clock that has said nothing yet: its instant moves with each day's first sale, so it is *now*. */
export function isQuiet({ open, hits, silentUntil, stood }: Memory): boolean {
  return open === undefined && silentUntil === undefined && hits.length === 0 && stood.length === 0
}

export function writeFacts(writer: Writer, { sequence, facts, said }: Account): void {
  writer.count(sequence)
  packChanged(writer, facts, FRESH_FACTS, FACT_NAMES)
  writer.count(facts.terminals.size)
  for (const [id, terminal] of facts.terminals) {
    pack(writer, id)
    packChanged(writer, terminal, FRESH_TERMINAL, TERMINAL_NAMES)
  }
  for (const [detector, subjects] of said) {
    for (const [subject, memory] of subjects) {
      if (isQuiet(memory)) continue
      pack(writer, detector)
      pack(writer, subject)
      pack(writer, memory as unknown as Packable)
    }
  }
  pack(writer, undefined)
}

/** The members that are not as a new account, or a new terminal, has them. */
function packChanged<T extends object>(
  writer: Writer,
  record: T,
  fresh: T,
  names: readonly (keyof T & string)[],
): void {
  const isChanged = (value: unknown, name: string) => !isSame(value, fresh[name as keyof T])
  packMembers(writer, record as Readonly<{ [name: string]: Packable }>, names, isChanged)
}

/** Of records, lists and maps only what is empty is found to be the same. */
function isSame(value: unknown, fresh: unknown): boolean {
  if (value === fresh) return true
  if (typeof value !== 'object' || typeof fresh !== 'object') return false
  if (Array.isArray(value)) return value.length === 0
  if (value instanceof Map) return value.size === 0
  const members = fresh as { [name: string]: unknown }
  const own = value as { [name: string]: unknown }
  for (const name in own) if (!isSame(own[name], members[name])) return false
  return true
}

const FRESH_FACTS = newAccount('', '').facts
const FRESH_TERMINAL = terminalOf(new Map(), '')

export function readFacts(reader: Reader, account: Account): void {
  const { facts } = account
  account.sequence = reader.count()
  unpackMembers(reader, FACT_NAMES, facts)
  for (let left = reader.count(); left > 0; left--) {
    const terminal = terminalOf(facts.terminals, unpack(reader) as string)
    unpackMembers(reader, TERMINAL_NAMES, terminal)
  }
  for (let detector = unpack(reader); detector !== undefined; detector = unpack(reader)) {
    const memory = memoryOf(account, detector as string, unpack(reader) as string)
    Object.assign(memory, unpack(reader))
  }
}
