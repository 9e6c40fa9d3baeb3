/** Hostile inputs: a record each, and what has to become of it. */
import type { DeadCode } from '../../src/events/event.ts'
import type { Header, LogRecord } from '../../src/events/record.ts'
import { AUTHORISATION } from '../events/samples.ts'

/** `clamp`: applied at another instant than it says. `ignore`: passed over and counted. */
export type Expected = 'ok' | 'clamp' | 'ignore' | `dead-letter:${DeadCode}`

export type Input = Readonly<{
  name: string
  value: Uint8Array | undefined
  /** Undefined: no key. */
  key: Uint8Array | undefined
  headers: readonly Header[]
  /** Undefined: the log does not say. */
  timestampMs: number | undefined
  expected: Expected
  /** In a file, where no record needs a key; by default as in a topic. */
  inFile: Expected
}>

type Members = Readonly<Record<string, unknown>>
type Other = Partial<Omit<Input, 'name' | 'value' | 'expected'>>

export const AT_MS = 1_781_057_164_250

/** One class of inputs: they all belong to the account `M-<class>`, and their ids begin with it. */
export function inputsOf(id: string) {
  const merchantId = `M-${id}`
  let count = 0

  /** Data of a sale that is no repeat of another one. */
  function sale(members: Members = {}): Members {
    const number = `${count}`.padStart(6, '0')
    return { ...AUTHORISATION, transactionId: `tx-${id}-${number}`, stan: number, ...members }
  }

  function text(members: Members = {}): string {
    const envelope = {
      specversion: '1.0',
      id: `${id}-${count}`,
      source: 'urn:corpus:1',
      type: 'card.authorisation',
      subject: merchantId,
      time: '2026-06-10T10:06:04.250+08:00',
      tenantid: 'acq-a',
      schemaversion: 1,
      data: sale(),
    }
    count++
    return JSON.stringify({ ...envelope, ...members })
  }

  function raw(
    name: string,
    value: string | Uint8Array | undefined,
    expected: Expected,
    other: Other = {},
  ): Input {
    const bytes = typeof value === 'string' ? utf8(value) : value
    const defaults = { key: utf8(merchantId), headers: [], timestampMs: AT_MS, inFile: expected }
    return { name: `${id} ${name}`, value: bytes, expected, ...defaults, ...other }
  }

  return {
    merchantId,
    sale,
    text,
    raw,
    /** The usual sale with other members of its envelope. */
    event: (name: string, members: Members, expected: Expected, other: Other = {}): Input =>
      raw(name, text(members), expected, other),
    /** The usual sale with other members of its data. */
    data: (name: string, members: Members, expected: Expected): Input =>
      raw(name, text({ data: sale(members) }), expected),
    /** The text of the usual sale, changed: for numbers as they are written. */
    changed: (name: string, from: string, to: string, expected: Expected): Input => {
      const before = text()
      if (!before.includes(from)) throw new Error(`${id}: no ${from} in the sale`)
      return raw(name, before.replace(from, to), expected)
    },
  }
}

/** A sale of an account of its own: to be applied wherever it stands. */
export function goodSale(name: string): Input {
  const sale = inputsOf('good')
  const members = { id: `good-${name}`, subject: `G-${name}` }
  return sale.event(name, members, 'ok', { key: utf8(members.subject) })
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function isDead(expected: Expected): boolean {
  return expected.startsWith('dead-letter:')
}

/** The bytes at `offset` of a log. */
export function recordAt(offset: number, { key, value, headers, timestampMs }: Input): LogRecord {
  return { offset, key, value, headers, timestampMs }
}
