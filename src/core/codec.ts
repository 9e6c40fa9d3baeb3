/** An account as bytes, in sections by how often they change; each begins with its version. */
import { newAccount } from './account.ts'
import type { Account, Facts, Memory } from './account.ts'
import { createReader, createWriter } from './bytes.ts'
import type { Reader } from './bytes.ts'
import { readNow, writeNow } from './codec-now.ts'
import type { Section } from './fold.ts'
import { terminalOf } from './terminals.ts'
import type { Terminal } from './terminals.ts'

/** Of every section. A newer one is refused before anything is written. */
export const STATE_VERSION = 1

/** Those that differ from their last encoding, as bytes that no later fold changes. */
export function createEncoder(): (account: Account) => (readonly [Section, Uint8Array])[] {
  const writer = createWriter()
  return (account) => {
    const sections: (readonly [Section, Uint8Array])[] = []
    const { dirty } = account
    if (dirty.now) {
      writer.count(STATE_VERSION)
      writeNow(writer, account)
      sections.push(['n', writer.take()])
    }
    if (dirty.past) {
      writer.count(STATE_VERSION)
      const { tallies } = account.days
      writer.count(tallies.length)
      for (const { day, count, sum } of tallies) {
        writer.signed(day)
        writer.signed(count)
        writer.signed(sum)
      }
      sections.push(['p', writer.take()])
    }
    if (dirty.facts) {
      writer.count(STATE_VERSION)
      writer.text(JSON.stringify(plainFacts(account)))
      sections.push(['f', writer.take()])
    }
    dirty.now = dirty.past = dirty.facts = false
    return sections
  }
}

/** Raises an Error for a section of a newer version. */
export function decodeAccount(
  tenant: string,
  merchantId: string,
  [now, past, facts]: readonly (Uint8Array | undefined)[],
): Account {
  const account = newAccount(tenant, merchantId)
  if (facts !== undefined) readFacts(account, JSON.parse(versioned(facts).text()))
  if (now !== undefined) readNow(versioned(now), account)
  if (past !== undefined) {
    const reader = versioned(past)
    for (let left = reader.count(); left > 0; left--) {
      const [day, count, sum] = [reader.signed(), reader.signed(), reader.signed()]
      account.days.tallies.push({ day, count, sum })
    }
  }
  return account
}

function versioned(bytes: Uint8Array): Reader {
  const reader = createReader(bytes)
  const version = reader.count()
  if (version > STATE_VERSION) {
    throw new Error(
      `the stored state is of version ${version}, this program knows ${STATE_VERSION}: run a newer one`,
    )
  }
  return reader
}

// Infinities are no JSON: they stand for "none", and are left out.
type PlainMemory = Omit<Memory, 'nextMs'> & { nextMs?: number }
type PlainTerminal = Omit<Terminal, 'activity' | 'hasBacklog' | 'activeArrivedMs'>
type PlainFacts = Omit<Facts, 'terminals' | 'invoices' | 'lifecycleMs' | 'cancellation'> & {
  lifecycleMs?: number
  cancellation?: Facts['cancellation']
  terminals: [string, PlainTerminal][]
  invoices: [string, Facts['invoices'] extends Map<string, infer Invoice> ? Invoice : never][]
}
type Plain = {
  sequence: number
  facts: PlainFacts
  said: [string, [string, PlainMemory][]][]
}

function plainFacts({ sequence, facts, said }: Account): Plain {
  const { terminals, invoices, lifecycleMs, cancellation, ...rest } = facts
  return {
    sequence,
    facts: {
      ...rest,
      ...(lifecycleMs === -Infinity ? {} : { lifecycleMs }),
      ...(cancellation.atMs === -Infinity ? {} : { cancellation }),
      terminals: [...terminals].map(([id, it]) => [id, toldOf(it)]),
      invoices: [...invoices],
    },
    said: [...said].map(([detector, subjects]) => [
      detector,
      [...subjects].map(([subject, { nextMs, ...memory }]) => [
        subject,
        { ...memory, ...(nextMs === Infinity ? {} : { nextMs }) },
      ]),
    ]),
  }
}

/** What the other section does not hold. */
function toldOf(terminal: Terminal): PlainTerminal {
  const { roles, deliveries, activations, retiredMs, replacements, successor } = terminal
  return { roles, deliveries, activations, retiredMs, replacements, successor }
}

function readFacts(account: Account, plain: Plain): void {
  const { terminals, invoices, ...rest } = plain.facts
  account.sequence = plain.sequence
  Object.assign(account.facts, rest)
  for (const [id, it] of terminals) Object.assign(terminalOf(account.facts.terminals, id), it)
  account.facts.invoices = new Map(invoices)
  for (const [detector, subjects] of plain.said) {
    const memories = subjects.map(([subject, memory]): [string, Memory] => [
      subject,
      { ...MEMORY, ...memory, open: memory.open && { ...OPEN, ...memory.open } },
    ])
    account.said.set(detector, new Map(memories))
  }
}

// JSON leaves out what is undefined; the members are there all the same.
const MEMORY = { open: undefined, silentUntil: undefined, nextMs: Infinity }
const OPEN = { consequenceOn: undefined, warnedOn: undefined }
