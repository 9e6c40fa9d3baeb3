/** The section that nearly every event rewrites: ids seen, the ring, what waits, each terminal's activity. */
import type { Account } from './account.ts'
import type { Attempt, Attempts, Waiting } from './attempts.ts'
import type { Reader, Writer } from './bytes.ts'
import type { SeenIds } from './seen-ids.ts'
import { terminalOf } from './terminals.ts'
import type { Activity } from './terminals.ts'

const HIGH = 0x1_0000_0000

export function writeNow(writer: Writer, { seen, attempts, facts }: Account): void {
  writeSeen(writer, seen)
  writeAttempts(writer, attempts)
  const terminals = [...facts.terminals]
  writer.count(terminals.length)
  for (const [id, { hasBacklog, activeArrivedMs, activity }] of terminals) {
    writer.text(id)
    writer.flag(hasBacklog)
    writer.count(Math.max(0, activeArrivedMs))
    writer.count(activity.length)
    for (const it of activity) writeActivity(writer, it)
  }
}

export function readNow(reader: Reader, account: Account): void {
  readSeen(reader, account.seen)
  readAttempts(reader, account.attempts)
  for (let left = reader.count(); left > 0; left--) {
    const terminal = terminalOf(account.facts.terminals, reader.text())
    terminal.hasBacklog = reader.flag()
    terminal.activeArrivedMs = reader.count()
    for (let days = reader.count(); days > 0; days--) terminal.activity.push(readActivity(reader))
  }
}

function writeSeen(writer: Writer, { timesMs, arrivalsMs, ids, bodies, swipes }: SeenIds): void {
  writer.count(ids.length)
  let beforeMs = 0
  for (let at = 0; at < ids.length; at++) {
    const timeMs = timesMs[at]!
    writer.signed(timeMs - beforeMs)
    writer.signed(arrivalsMs[at]! - timeMs)
    writeHash(writer, ids[at]!)
    writer.count(bodies[at]!)
    const swipe = swipes[at]!
    writer.flag(swipe !== 0)
    if (swipe !== 0) writeHash(writer, swipe)
    beforeMs = timeMs
  }
}

function readSeen(reader: Reader, seen: SeenIds): void {
  let beforeMs = 0
  for (let left = reader.count(); left > 0; left--) {
    beforeMs += reader.signed()
    seen.timesMs.push(beforeMs)
    seen.arrivalsMs.push(beforeMs + reader.signed())
    seen.ids.push(readHash(reader))
    seen.bodies.push(reader.count())
    seen.swipes.push(reader.flag() ? readHash(reader) : 0)
  }
}

function writeAttempts(writer: Writer, { entries, waiting }: Attempts): void {
  writer.count(entries.length)
  let beforeMs = 0
  for (const entry of entries) {
    writer.signed(entry.atMs - beforeMs)
    writeAttempt(writer, entry)
    beforeMs = entry.atMs
  }
  writer.count(waiting.length)
  for (const it of waiting) writeWaiting(writer, it)
}

function readAttempts(reader: Reader, attempts: Attempts): void {
  let beforeMs = 0
  for (let left = reader.count(); left > 0; left--) {
    beforeMs += reader.signed()
    attempts.entries.push(readAttempt(reader, beforeMs))
  }
  for (let left = reader.count(); left > 0; left--) attempts.waiting.push(readWaiting(reader))
}

function writeAttempt(writer: Writer, it: Attempt): void {
  writeHash(writer, it.idHash)
  writer.text(it.eventId)
  writer.text(it.transactionId)
  writer.text(it.terminalId)
  writer.signed(it.amount)
  writer.text(it.currency)
  writer.count(
    Number(it.isInMoney) +
      2 * Number(it.isApproved) +
      4 * Number(it.isSale) +
      8 * Number(it.isTallied) +
      16 * Number(it.isVoided),
  )
  writer.optionalText(it.responseCode)
  writer.optionalText(it.card)
  writer.optionalText(it.last4)
}

function readAttempt(reader: Reader, atMs: number): Attempt {
  const named = {
    atMs,
    idHash: readHash(reader),
    eventId: reader.text(),
    transactionId: reader.text(),
    terminalId: reader.text(),
    amount: reader.signed(),
    currency: reader.text(),
  }
  const flags = reader.count()
  return {
    ...named,
    isInMoney: (flags & 1) > 0,
    isApproved: (flags & 2) > 0,
    isSale: (flags & 4) > 0,
    isTallied: (flags & 8) > 0,
    isVoided: (flags & 16) > 0,
    responseCode: reader.optionalText(),
    card: reader.optionalText(),
    last4: reader.optionalText(),
  }
}

function writeWaiting(writer: Writer, it: Waiting): void {
  writer.text(it.originalId)
  writer.count(it.atMs)
  writer.count(it.arrivedMs)
  writer.flag(it.isPartial)
  writer.flag(it.isTimeout)
  writer.signed(it.amount ?? -1)
  writer.flag(it.tookTally)
  writer.flag(it.tookActivity)
}

function readWaiting(reader: Reader): Waiting {
  const originalId = reader.text()
  const atMs = reader.count()
  const arrivedMs = reader.count()
  const isPartial = reader.flag()
  const isTimeout = reader.flag()
  const amount = reader.signed()
  const told = { originalId, atMs, arrivedMs, isPartial, isTimeout }
  const took = { tookTally: reader.flag(), tookActivity: reader.flag() }
  return { ...told, amount: amount < 0 ? undefined : amount, ...took }
}

function writeActivity(writer: Writer, it: Activity): void {
  writer.signed(it.on)
  writer.signed(it.count)
  writer.count(it.firstMs)
  writer.signed(it.lastMs - it.firstMs)
  writer.text(it.eventId)
  writer.signed(it.amount)
  writer.text(it.currency)
  writer.optionalText(it.responseCode)
  writer.optionalText(it.last4)
}

function readActivity(reader: Reader): Activity {
  const on = reader.signed()
  const count = reader.signed()
  const firstMs = reader.count()
  const lastMs = firstMs + reader.signed()
  const eventId = reader.text()
  const amount = reader.signed()
  const currency = reader.text()
  const responseCode = reader.optionalText()
  return {
    on,
    count,
    firstMs,
    lastMs,
    eventId,
    amount,
    currency,
    responseCode,
    last4: reader.optionalText(),
  }
}

function writeHash(writer: Writer, hash: number): void {
  writer.count(Math.floor(hash / HIGH))
  writer.count(hash % HIGH)
}

function readHash(reader: Reader): number {
  const high = reader.count()
  return high * HIGH + reader.count()
}
