/** The section that nearly every event rewrites: what came last, the open day, each terminal's activity. */
import { memoryOf } from './account.ts'
import type { Account } from './account.ts'
import { blockOf } from './amounts.ts'
import type { Reader, Writer } from './bytes.ts'
import { forgetStored, readBlocks, readCards, writeBlocks, writeCards } from './codec-amounts.ts'
import { readAttempts, writeAttempts } from './codec-attempts.ts'
import { isQuiet } from './codec-facts.ts'
import {
  forgetStoredRows,
  panesBefore,
  readDays,
  readIds,
  readPanes,
  writeDays,
  writeIds,
  writePanes,
} from './codec-rows.ts'
import { pack, unpack } from './packed.ts'
import type { Packable } from './packed.ts'
import { dropRows } from './rows.ts'
import { giveUpIds, ID_WIDTH } from './seen-ids.ts'
import { NOTHING_SHOWN, terminalOf } from './terminals.ts'
import type { Activity, Terminal } from './terminals.ts'
import { NOMINAL_DAY_MS } from './time.ts'

const ZERO = 48

export function writeNow(writer: Writer, account: Account): void {
  const { seen, days, amounts, cards, panes, pastTo } = account
  writer.count(pastTo)
  writer.count(seen.stored.forgotten)
  writeIds(writer, seen.ids, seen.stored.rows, seen.ids.count)
  writeDays(writer, days, pastTo, Infinity)
  writePanes(writer, panes, panesBefore(pastTo), Infinity)
  writeBlocks(writer, amounts, blockOf(pastTo), Infinity)
  writeCards(writer, cards, pastTo, Infinity)
  writeAttempts(writer, account.attempts)
  pack(writer, panes.issuers as Packable)
  writeTerminals(writer, account)
  writeCalm(writer, account)
}

export function readNow(reader: Reader, account: Account): void {
  const { seen } = account
  account.pastTo = reader.count()
  const forgotten = reader.count()
  dropRows(seen.ids, ID_WIDTH, 0, forgotten)
  seen.stored = { rows: seen.ids.count, forgotten }
  readIds(reader, seen.ids)
  giveUpIds(seen.ids)
  readDays(reader, account.days)
  readPanes(reader, account.panes)
  readBlocks(reader, account.amounts)
  readCards(reader, account.cards)
  forgetStoredRows(account.days, account.panes)
  forgetStored(account.amounts, account.cards)
  readAttempts(reader, account.attempts)
  account.panes.issuers = unpack(reader) as Account['panes']['issuers']
  readTerminals(reader, account)
  readCalm(reader, account)
}

/** Behind the facts, of an account that holds nothing of single events and days. */
export function writeLittle(writer: Writer, account: Account): void {
  for (const terminal of account.facts.terminals.values()) {
    writer.byte(terminal.activity.length * 2 + Number(hasActed(terminal)))
    if (hasActed(terminal)) writeTerminal(writer, terminal)
  }
  writeCalm(writer, account)
}

export function readLittle(reader: Reader, account: Account): void {
  for (const terminal of account.facts.terminals.values()) {
    const told = reader.byte()
    if (told % 2 === 1) readTerminal(reader, terminal, Math.floor(told / 2))
  }
  readCalm(reader, account)
}

/** What stays when it has been quiet for long. */
function writeCalm(writer: Writer, account: Account): void {
  const { idleMs, approvedMs, waiting, refunds } = account
  const isTelling = waiting.length + refunds.length > 0
  writer.byte(Number(approvedMs !== 0) + 2 * Number(idleMs !== Infinity) + 4 * Number(isTelling))
  if (approvedMs !== 0) writer.instant(approvedMs)
  if (idleMs !== Infinity) writer.instant(idleMs)
  if (isTelling) {
    pack(writer, waiting as Packable)
    pack(writer, refunds as Packable)
  }
  writeClocks(writer, account)
}

function readCalm(reader: Reader, account: Account): void {
  const told = reader.byte()
  if ((told & 1) > 0) account.approvedMs = reader.instant()
  if ((told & 2) > 0) account.idleMs = reader.instant()
  if ((told & 4) > 0) {
    account.waiting = unpack(reader) as Account['waiting']
    account.refunds = unpack(reader) as Account['refunds']
  }
  readClocks(reader, account)
}

const hasActed = ({ hasBacklog, activity, activeArrivedMs }: Terminal): boolean =>
  hasBacklog || activity.length > 0 || activeArrivedMs !== 0

/** By their ids: *facts* may not have been written since one came. */
function writeTerminals(writer: Writer, { facts }: Account): void {
  for (const [id, terminal] of facts.terminals) {
    if (!hasActed(terminal)) continue
    writer.byte(terminal.activity.length + 1)
    pack(writer, id)
    writeTerminal(writer, terminal)
  }
  writer.byte(0)
}

function readTerminals(reader: Reader, { facts }: Account): void {
  for (let next = reader.byte(); next > 0; next = reader.byte()) {
    const terminal = terminalOf(facts.terminals, unpack(reader) as string)
    readTerminal(reader, terminal, next - 1)
  }
}

function writeTerminal(writer: Writer, { activity, hasBacklog, activeArrivedMs }: Terminal): void {
  for (const it of activity) writeActivity(writer, it)
  writer.instant(activeArrivedMs)
  writer.flag(hasBacklog)
}

function readTerminal(reader: Reader, terminal: Terminal, activities: number): void {
  for (let left = activities; left > 0; left--) terminal.activity.push(readActivity(reader))
  terminal.activeArrivedMs = reader.instant()
  terminal.hasBacklog = reader.flag()
}

/** What is shown of the sale, or that nothing is: of a date before the last it was forgotten with time. */
function writeActivity(writer: Writer, it: Activity): void {
  writer.day(it.on)
  writer.count(it.count)
  writer.signed(it.firstMs - it.on * NOMINAL_DAY_MS)
  writer.instant(it.lastMs)
  pack(writer, it.eventId)
  if (it.eventId === '') return
  writer.count(it.amount)
  pack(writer, it.currency)
  pack(writer, it.responseCode)
  // Four digits: as a number they take two bytes.
  writer.count(it.last4 === undefined ? 0 : numberOf(it.last4) + 1)
}

/** Of digits; quicker than what reads any number. */
function numberOf(digits: string): number {
  let number = 0
  for (let at = 0; at < digits.length; at++) number = number * 10 + digits.charCodeAt(at) - ZERO
  return number
}

function readActivity(reader: Reader): Activity {
  const on = reader.day()
  const count = reader.count()
  const firstMs = reader.signed() + on * NOMINAL_DAY_MS
  const lastMs = reader.instant()
  const eventId = unpack(reader) as string
  const at = { on, count, firstMs, lastMs, eventId }
  if (eventId === '') return { ...at, ...NOTHING_SHOWN }
  const amount = reader.count()
  const currency = unpack(reader) as string
  const responseCode = unpack(reader) as string | undefined
  const digits = reader.count()
  const last4 = digits === 0 ? undefined : String(digits - 1).padStart(4, '0')
  return { ...at, amount, currency, responseCode, last4 }
}

/**
 * Next instants of clocks that have said nothing. Most often they are the same as when they were last written, and
 * many objects would have to be looked at.
 */
function writeClocks(writer: Writer, account: Account): void {
  const afterMs = writer.lastMs()
  const { said, clocks } = account
  if (clocks?.afterMs === afterMs) return writer.copy(clocks.bytes, 0, clocks.bytes.length)
  const start = writer.place()
  for (const [detector, subjects] of said) {
    for (const [subject, memory] of subjects) {
      if (memory.nextMs === Infinity || !isQuiet(memory)) continue
      pack(writer, detector)
      pack(writer, subject)
      writer.instant(memory.nextMs)
    }
  }
  pack(writer, undefined)
  account.clocks = { afterMs, bytes: writer.since(start) }
}

function readClocks(reader: Reader, account: Account): void {
  for (let detector = unpack(reader); detector !== undefined; detector = unpack(reader)) {
    const subject = unpack(reader) as string
    memoryOf(account, detector as string, subject).nextMs = reader.instant()
  }
}
