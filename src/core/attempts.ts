/**
 * The ring that bursts of an hour or less are judged on, exact to the event: the account's newest 512
 * attempts by (time, id) of the last two hours, and the voids that came before their sale.
 */
import { HOUR_MS, NOMINAL_DAY_MS } from './time.ts'
import type { Evidence } from './warning.ts'
import type { EpochMs } from './time.ts'

const ATTEMPTS_MAX = 512
/** Behind the newest attempt held; inclusive. */
const LATE_MS_MAX = HOUR_MS
const KEPT_MS = 2 * HOUR_MS
const WAITING_MAX = 32
const WAITING_MS = NOMINAL_DAY_MS

export type Attempt = {
  atMs: EpochMs
  idHash: number
  eventId: string
  transactionId: string
  terminalId: string
  /** What is left of it in minor units: partial reversals are taken off. */
  amount: number
  currency: string
  /** In the account's currency: it counts in sums. */
  isInMoney: boolean
  isApproved: boolean
  /** A purchase or a completion, not a pre-authorisation. */
  isSale: boolean
  /** It entered the day's tally. */
  isTallied: boolean
  isVoided: boolean
  responseCode: string | undefined
  card: string | undefined
  last4: string | undefined
}

/** A void or reversal whose sale is not known: the sale may still be on its way. */
export type Waiting = {
  originalId: string
  atMs: EpochMs
  arrivedMs: EpochMs
  isPartial: boolean
  isTimeout: boolean
  amount: number | undefined
  /** It was already taken out of a day's tally, or of a terminal's activity. */
  tookTally: boolean
  tookActivity: boolean
}

export type Attempts = { entries: Attempt[]; waiting: Waiting[] }

export const emptyAttempts = (): Attempts => ({ entries: [], waiting: [] })

/** Puts it in its place by (time, id), whatever the order of arrival. False: too late to enter. */
export function noteAttempt({ entries }: Attempts, attempt: Attempt): boolean {
  const newest = entries.at(-1)
  if (newest !== undefined && newest.atMs - attempt.atMs > LATE_MS_MAX) return false
  let place = entries.length
  while (place > 0 && isAfter(entries[place - 1]!, attempt)) place--
  if (place === entries.length) entries.push(attempt)
  else entries.splice(place, 0, attempt)
  const keptMs = entries.at(-1)!.atMs - KEPT_MS
  let old = Math.max(0, entries.length - ATTEMPTS_MAX)
  while (entries[old]!.atMs < keptMs) old++
  if (old > 0) entries.splice(0, old)
  return true
}

function isAfter(held: Attempt, { atMs, idHash }: Attempt): boolean {
  return held.atMs > atMs || (held.atMs === atMs && held.idHash > idHash)
}

export function findTransaction({ entries }: Attempts, id: string): Attempt | undefined {
  return entries.findLast((attempt) => attempt.transactionId === id)
}

/** Ends of the windows that hold an attempt at `atMs`: its own, and each later one in reach. */
export function windowEnds({ entries }: Attempts, atMs: EpochMs, spanMs: number): EpochMs[] {
  const ends: EpochMs[] = []
  for (let at = entries.length - 1; at >= 0 && entries[at]!.atMs >= atMs; at--) {
    const endMs = entries[at]!.atMs
    if (endMs - atMs < spanMs && endMs !== ends.at(-1)) ends.push(endMs)
  }
  return ends.reverse()
}

/** Attempts in `(endMs − spanMs, endMs]`, ascending. */
export function attemptsIn({ entries }: Attempts, endMs: EpochMs, spanMs: number): Attempt[] {
  let to = entries.length
  while (to > 0 && entries[to - 1]!.atMs > endMs) to--
  let from = to
  while (from > 0 && entries[from - 1]!.atMs > endMs - spanMs) from--
  return entries.slice(from, to)
}

export function waitFor(attempts: Attempts, waiting: Waiting): void {
  const keptMs = waiting.arrivedMs - WAITING_MS
  attempts.waiting = attempts.waiting.filter(({ arrivedMs }) => arrivedMs >= keptMs)
  attempts.waiting.push(waiting)
  if (attempts.waiting.length > WAITING_MAX) attempts.waiting.shift()
}

/** Takes out what waits for this transaction, unless it waited longer than a day. */
export function takeWaiting(attempts: Attempts, id: string, arrivedMs: EpochMs): Waiting[] {
  if (attempts.waiting.length === 0) return []
  const mine = attempts.waiting.filter(({ originalId }) => originalId === id)
  if (mine.length === 0) return mine
  attempts.waiting = attempts.waiting.filter(({ originalId }) => originalId !== id)
  return mine.filter((waiting) => arrivedMs - waiting.arrivedMs <= WAITING_MS)
}

export function evidenceOf(attempt: Attempt): Evidence {
  const { eventId, atMs, terminalId, amount, currency, responseCode, last4 } = attempt
  return {
    eventId,
    timeMs: atMs,
    terminalId,
    amount,
    currency,
    ...(responseCode === undefined ? {} : { responseCode }),
    ...(last4 === undefined ? {} : { last4 }),
  }
}
