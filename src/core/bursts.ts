/** Windows of an hour or less over the ring of attempts. */
import { APPROVED, ATTEMPT, ATTEMPTS_MAX, LATE_MS_MAX } from './attempts.ts'
import { attemptAt, cardAt, flagsAt, newestMs, timeAt } from './attempts.ts'
import type { Attempt, Attempts } from './attempts.ts'
import type { Rows } from './rows.ts'
import { HOUR_MS } from './time.ts'
import type { EpochMs } from './time.ts'
import type { Evidence } from './warning.ts'

/** An attempt so far behind the newest is none of those that bursts are counted over. */
export function isTooLate(attempts: Attempts, atMs: EpochMs): boolean {
  return (newestMs(attempts) ?? -Infinity) - atMs > LATE_MS_MAX
}

/** Ends of the windows that hold an attempt at `atMs`: its own, and each later one in reach. */
export function windowEnds({ entries }: Attempts, atMs: EpochMs, spanMs: number): EpochMs[] {
  // Nearly always it is the newest, and alone at its instant.
  const { count } = entries
  const isNewest = count > 0 && timeAt(entries, count - 1) === atMs
  if (isNewest && spanMs > 0) return [atMs]
  const ends: EpochMs[] = []
  for (let row = entries.count - 1; row >= 0; row--) {
    const endMs = timeAt(entries, row)
    if (endMs < atMs) break
    if (endMs - atMs < spanMs && endMs !== ends.at(-1)) ends.push(endMs)
  }
  return ends.reverse()
}

/** Declines in `(endMs − spanMs, endMs]`, ascending. */
export function declinesIn(attempts: Attempts, endMs: EpochMs, spanMs: number): Attempt[] {
  const { entries } = attempts
  const found: Attempt[] = []
  const to = rowAfter(entries, endMs)
  for (let row = rowAfter(entries, endMs - spanMs); row < to; row++) {
    if (isDecline(flagsAt(entries, row))) found.push(attemptAt(attempts, row))
  }
  return found
}

/** Whether any card has so many declines after `afterMs`. Asked at every attempt. */
export function hasDeclines(attempts: Attempts, afterMs: EpochMs, countMin: number): boolean {
  const { entries, hour } = attempts
  // Of all cards together there are too few already.
  if (hour.declines < countMin && afterMs >= (newestMs(attempts) ?? 0) - HOUR_MS) return false
  let found = 0
  for (let row = entries.count - 1; row >= 0; row--) {
    if (!isDecline(flagsAt(entries, row))) continue
    if (timeAt(entries, row) <= afterMs) return false
    const card = cardAt(entries, row)
    if (card === 0) continue
    CARDS[found++] = card
    let same = 0
    for (let at = 0; at < found; at++) if (CARDS[at] === card) same++
    if (same >= countMin) return true
  }
  return false
}

/** Cards with so many declines in `(endMs − spanMs, endMs]`, in the order of their first, and how many. */
export function cardsDeclined(
  { entries }: Attempts,
  endMs: EpochMs,
  spanMs: number,
  countMin: number,
): { card: number; declines: number }[] {
  let found = 0
  const to = rowAfter(entries, endMs)
  for (let row = rowAfter(entries, endMs - spanMs); row < to; row++) {
    if (!isDecline(flagsAt(entries, row))) continue
    const card = cardAt(entries, row)
    if (card !== 0) CARDS[found++] = card
  }
  const cards: { card: number; declines: number }[] = []
  for (let at = 0; at < found; at++) {
    const card = CARDS[at]!
    const known = cards.find((it) => it.card === card)
    if (known === undefined) cards.push({ card, declines: 1 })
    else known.declines++
  }
  return cards.filter(({ declines }) => declines >= countMin)
}

/** Written and read within one call. */
const CARDS = new Float64Array(ATTEMPTS_MAX)

/** How many attempts and declines lie in `(endMs − spanMs, endMs]`. */
export function countIn(
  ring: Attempts,
  endMs: EpochMs,
  spanMs: number,
): Readonly<{ attempts: number; declines: number }> {
  const { entries, hour } = ring
  if (spanMs === HOUR_MS && newestMs(ring) === endMs) return hour
  let attempts = 0
  let declines = 0
  const to = rowAfter(entries, endMs)
  for (let row = rowAfter(entries, endMs - spanMs); row < to; row++) {
    const flags = flagsAt(entries, row)
    attempts += Number((flags & ATTEMPT) > 0)
    declines += Number(isDecline(flags))
  }
  return { attempts, declines }
}

const isDecline = (flags: number): boolean => (flags & (ATTEMPT | APPROVED)) === ATTEMPT

/** The first row after an instant. */
function rowAfter(entries: Rows, ms: EpochMs): number {
  let low = 0
  let high = entries.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeAt(entries, middle) <= ms) low = middle + 1
    else high = middle
  }
  return low
}

const EVIDENCE_MAX = 20

/** Of the newest 20 of these declines, those whose ids are still kept as text. */
export function evidenceOf({ texts }: Attempts, declines: readonly Attempt[]): Evidence[] {
  return declines.slice(-EVIDENCE_MAX).flatMap((it) => {
    const text = texts.findLast(({ transaction }) => transaction === it.transaction)
    if (text === undefined) return []
    return [
      {
        eventId: text.eventId,
        timeMs: it.atMs,
        terminalId: it.terminalId,
        amount: it.amount,
        currency: text.currency,
        ...(it.responseCode === '' ? {} : { responseCode: it.responseCode }),
        ...(text.last4 === '' ? {} : { last4: text.last4 }),
      },
    ]
  })
}
