/**
 * The ring that bursts of an hour or less are judged on, exact to the event: the account's newest 512
 * attempts by time of the last two hours, those of one instant in the order of their transactions' hashes.
 */
import { hashOfId } from '../events/hash.ts'
import { dropRows, emptyRows, get16, get48, openRow, put16, put48, see48 } from './rows.ts'
import type { Rows } from './rows.ts'
import { HOUR_MS } from './time.ts'
import type { EpochMs } from './time.ts'
import { emptyWords, indexOfWord } from './words.ts'
import type { Words } from './words.ts'

export const ATTEMPTS_MAX = 512
/** Behind the newest attempt held; inclusive. */
export const LATE_MS_MAX = HOUR_MS
const KEPT_MS = 2 * HOUR_MS
/** Declines whose ids are kept as text: what a warning shows is the newest 20 of its own. */
const TEXTS_MAX = 48
/** Words beyond what the rows may need before they are gone through. */
const WORDS_SPARE = 8

/** Time, transaction, card, amount, terminal, code, issuer, flags. */
export const ATTEMPT_WIDTH = 31
const TRANSACTION = 6
const CARD = 12
const AMOUNT = 18
const TERMINAL = 24
const CODE = 26
const ISSUER = 28
const FLAGS = 30

const IN_MONEY = 1
export const APPROVED = 2
const SALE = 4
const TALLIED = 8
const VOIDED = 16
/** In rows of earlier releases: made online, which of a sale is nearly always the same. */
const ACTIVITY = 32
/** An authorisation; without it a completion, which is a sale and no attempt. */
export const ATTEMPT = 64
const CARDED = 128

/** One row, looked at. A change is written with `rewrite`. */
export type Attempt = {
  atMs: EpochMs
  /** 40 bits of the transactionId. */
  transaction: number
  /** 40 bits of the cardToken; 0: none. */
  card: number
  /** What is left of it in minor units: partial reversals are taken off. */
  amount: number
  terminalId: string
  /** Empty: none. */
  responseCode: string
  issuer: string
  /** In the account's currency: it counts in sums. */
  isInMoney: boolean
  isApproved: boolean
  /** A purchase or a completion, not a pre-authorisation. */
  isSale: boolean
  /** It entered the day's tally, and that by card. */
  isTallied: boolean
  isCarded: boolean
  isVoided: boolean
  /** The inactivity clocks start from it. */
  isActivity: boolean
  isAttempt: boolean
}

/** What evidence shows of a decline beside its row. */
export type Text = { transaction: number; eventId: string; currency: string; last4: string }

export type Attempts = {
  /** Ascending by (time, transaction). */
  entries: Rows
  words: Words
  /** Of the newest declines by arrival. */
  texts: Text[]
  /**
   * Of the hour that ends with the newest: its first row, and how many attempts and declines. Most questions
   * are answered by there being too few. Not encoded.
   */
  hour: { from: number; attempts: number; declines: number }
}

export const emptyAttempts = (): Attempts => ({
  entries: emptyRows(),
  words: emptyWords(),
  texts: [],
  hour: { from: 0, attempts: 0, declines: 0 },
})

/** 40 bits: enough among 512, and a byte less for each. */
const HASHES = 2 ** 40

export const transactionHash = (id: string): number => hashOfId('transaction', id) % HASHES
/** Never 0, which stands for none. */
export const cardHash = (token: string): number => hashOfId('card', token) % HASHES || 1

export const timeAt = (rows: Rows, row: number): EpochMs => see48(rows, row * ATTEMPT_WIDTH)
export const flagsAt = ({ bytes }: Rows, row: number): number => bytes[row * ATTEMPT_WIDTH + FLAGS]!

export const cardAt = (rows: Rows, row: number): number => see48(rows, row * ATTEMPT_WIDTH + CARD)

/** Puts it in its place by time, whatever the order of arrival. False: too late to enter. */
export function noteAttempt(attempts: Attempts, attempt: Attempt, text: Text | undefined): boolean {
  const { entries } = attempts
  const { count } = entries
  if (count > 0 && timeAt(entries, count - 1) - attempt.atMs > LATE_MS_MAX) return false
  let place = count
  while (place > 0 && isAfter(entries, place - 1, attempt)) place--
  openRow(entries, ATTEMPT_WIDTH, place)
  rewrite(attempts, place, attempt)
  if (text !== undefined && attempts.texts.push(text) > TEXTS_MAX) attempts.texts.shift()
  noteHour(attempts, place)
  forget(attempts)
  return true
}

/** Of one that came. In between it does not move the hour: it is in it, or the hour begins a row later. */
function noteHour({ entries, hour }: Attempts, place: number): void {
  const fromMs = timeAt(entries, entries.count - 1) - HOUR_MS
  if (timeAt(entries, place) > fromMs) count(entries, place, 1, hour)
  else hour.from++
  while (timeAt(entries, hour.from) <= fromMs) count(entries, hour.from++, -1, hour)
}

/** Counted anew: the rows were read. */
export function countHour(attempts: Attempts): void {
  const { entries, hour } = attempts
  const fromMs = (newestMs(attempts) ?? 0) - HOUR_MS
  Object.assign(hour, { from: entries.count, attempts: 0, declines: 0 })
  for (; hour.from > 0 && timeAt(entries, hour.from - 1) > fromMs; hour.from--)
    count(entries, hour.from - 1, 1, hour)
}

function count(entries: Rows, row: number, by: 1 | -1, hour: Attempts['hour']): void {
  const flags = flagsAt(entries, row)
  if ((flags & ATTEMPT) === 0) return
  hour.attempts += by
  if ((flags & APPROVED) === 0) hour.declines += by
}

function isAfter(entries: Rows, row: number, { atMs, transaction }: Attempt): boolean {
  const heldMs = timeAt(entries, row)
  if (heldMs !== atMs) return heldMs > atMs
  return get48(entries.bytes, row * ATTEMPT_WIDTH + TRANSACTION) > transaction
}

function forget(attempts: Attempts): void {
  const { entries, hour } = attempts
  const keptMs = timeAt(entries, entries.count - 1) - KEPT_MS
  let old = Math.max(0, entries.count - ATTEMPTS_MAX)
  while (timeAt(entries, old) < keptMs) old++
  if (old > 0 && attempts.texts.length > 0) forgetTexts(attempts, old)
  while (hour.from < old) count(entries, hour.from++, -1, hour)
  hour.from -= old
  dropRows(entries, ATTEMPT_WIDTH, 0, old)
  if (attempts.words.length > 3 * entries.count + WORDS_SPARE) tidyWords(attempts)
}

/** Those of the rows that go. */
function forgetTexts(attempts: Attempts, old: number): void {
  const { entries, texts } = attempts
  for (let row = 0; row < old; row++) {
    if ((flagsAt(entries, row) & APPROVED) > 0) continue
    const transaction = see48(entries, row * ATTEMPT_WIDTH + TRANSACTION)
    const place = texts.findIndex((it) => it.transaction === transaction)
    if (place >= 0) texts.splice(place, 1)
  }
}

/** Forgets the words that only forgotten rows had. */
function tidyWords(attempts: Attempts): void {
  const { entries } = attempts
  const all = Array.from({ length: entries.count }, (_, row) => attemptAt(attempts, row))
  attempts.words = emptyWords()
  for (const [row, it] of all.entries()) rewrite(attempts, row, it)
}

/** Writes a row that was looked at and changed. Its time stays. */
export function rewrite({ entries, words }: Attempts, row: number, it: Attempt): void {
  const { bytes } = entries
  const at = row * ATTEMPT_WIDTH
  put48(bytes, at, Math.max(0, it.atMs))
  put48(bytes, at + TRANSACTION, it.transaction)
  put48(bytes, at + CARD, it.card)
  putAmount(bytes, at + AMOUNT, it.amount)
  put16(bytes, at + TERMINAL, indexOfWord(words, it.terminalId))
  put16(bytes, at + CODE, indexOfWord(words, it.responseCode))
  put16(bytes, at + ISSUER, indexOfWord(words, it.issuer))
  bytes[at + FLAGS] =
    (it.isInMoney ? IN_MONEY : 0) |
    (it.isApproved ? APPROVED : 0) |
    (it.isSale ? SALE : 0) |
    (it.isTallied ? TALLIED : 0) |
    (it.isCarded ? CARDED : 0) |
    (it.isVoided ? VOIDED : 0) |
    (it.isActivity ? ACTIVITY : 0) |
    (it.isAttempt ? ATTEMPT : 0)
}

/** Above 2^48 − 1 minor units an amount is kept as that much: no limit is so high. */
function putAmount(bytes: Uint8Array, at: number, amount: number): void {
  put48(bytes, at, Math.min(Math.max(0, amount), 0xffff_ffff_ffff))
}

export function attemptAt({ entries, words }: Attempts, row: number): Attempt {
  const { bytes } = entries
  const at = row * ATTEMPT_WIDTH
  const flags = bytes[at + FLAGS]!
  return {
    atMs: get48(bytes, at),
    transaction: get48(bytes, at + TRANSACTION),
    card: get48(bytes, at + CARD),
    amount: get48(bytes, at + AMOUNT),
    terminalId: words[get16(bytes, at + TERMINAL)] ?? '',
    responseCode: words[get16(bytes, at + CODE)] ?? '',
    issuer: words[get16(bytes, at + ISSUER)] ?? '',
    isInMoney: (flags & IN_MONEY) > 0,
    isApproved: (flags & APPROVED) > 0,
    isSale: (flags & SALE) > 0,
    isTallied: (flags & TALLIED) > 0,
    isCarded: (flags & CARDED) > 0,
    isVoided: (flags & VOIDED) > 0,
    isActivity: (flags & ACTIVITY) > 0,
    isAttempt: (flags & ATTEMPT) > 0,
  }
}

/** Row of the newest attempt of a transaction. −1: not held. */
export function findTransaction({ entries }: Attempts, id: string): number {
  const wanted = transactionHash(id)
  const low = wanted % 0x1_0000_0000
  for (let row = entries.count - 1; row >= 0; row--) {
    const at = row * ATTEMPT_WIDTH + TRANSACTION
    if (entries.view.getUint32(at, true) === low && see48(entries, at) === wanted) return row
  }
  return -1
}

export function newestMs({ entries }: Attempts): EpochMs | undefined {
  return entries.count === 0 ? undefined : timeAt(entries, entries.count - 1)
}

export function oldestMs({ entries }: Attempts): EpochMs | undefined {
  return entries.count === 0 ? undefined : timeAt(entries, 0)
}
