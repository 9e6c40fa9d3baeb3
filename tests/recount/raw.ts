/** The raw events of one account as they were folded, and the sets that the rules are made of. */
import { compareText, dayOf, HOUR_MS, msOf, perAppend, type Day } from './civil.ts'

/** Every member of `data` that some detector reads; who reads it knows its type. */
export type Data = Readonly<{
  transactionId?: string
  originalTransactionId?: string
  terminalId?: string
  newTerminalId?: string
  amount?: number
  currency?: string
  approved?: boolean
  processingCode?: string
  stan?: string
  rrn?: string
  cardToken?: string
  cardFlag?: string
  responseCode?: string
  issuerId?: string
  offline?: boolean
  matched?: boolean
  reversalType?: string
  originalTime?: string
  sameDay?: boolean
  role?: string
  storedOfflineCount?: number
  timezone?: string
  country?: string
  mcc?: string
  migratedAt?: string
  from?: Day
  to?: Day
  result?: string
  asOf?: string
  invoiceId?: string
  dueDate?: Day
  method?: string
  suspendAt?: string
  balance?: number
  documentId?: string
  docType?: string
  validTo?: Day
  longTerm?: boolean
  payoutId?: string
  accountRef?: string
  status?: string
  warningId?: string
  outcome?: string
  windowId?: string
  startsAt?: string
  endsAt?: string
}>

export type RawEvent = Readonly<{
  /** Place in the order of folding. */
  seq: number
  id: string
  source: string
  type: string
  tenant: string
  merchantId: string
  sentMs: number
  arrivalMs: number
  /** Event time: as sent, but at most five minutes after the arrival. */
  t: number
  data: Data
}>

const AHEAD_MS = 5 * 60_000
const REPEAT_MS = 72 * HOUR_MS
const REPEATS_HELD = 512
const RING_SIZE = 512
const RING_LATE_MS = HOUR_MS
const RING_SPAN_MS = 2 * HOUR_MS
const WAITING_SIZE = 32
const WAITING_MS = 24 * HOUR_MS

export function readLine(line: string, seq: number): RawEvent {
  const { id, source, type, subject, time, receivedat, tenantid, data } = JSON.parse(line)
  const sentMs = msOf(time)
  const arrivalMs = receivedat === undefined ? sentMs : msOf(receivedat)
  const t = Math.min(sentMs, arrivalMs + AHEAD_MS)
  const tenant = tenantid ?? 'default'
  return { seq, id, source, type, tenant, merchantId: subject, sentMs, arrivalMs, t, data }
}

export function latenessMs(event: RawEvent): number {
  return event.arrivalMs - event.sentMs
}

/** By event time; at one instant, as they were folded. */
export function inTime(a: RawEvent, b: RawEvent): number {
  return a.t - b.t || a.seq - b.seq
}

function byTimeThenId(a: RawEvent, b: RawEvent): number {
  return a.t - b.t || compareText(a.id, b.id)
}

/** Is this a repeat of what is held: the same id, or the same terminal, stan and rrn of a day? */
export function isRepeat(event: RawEvent, folded: readonly RawEvent[], zone: string): boolean {
  const newest = folded.reduce((ms, other) => Math.max(ms, other.t), -Infinity)
  const held = folded
    .filter((other) => other.t >= newest - REPEAT_MS)
    .sort(byTimeThenId)
    .slice(-REPEATS_HELD)
  return held.some((other) => isSameId(event, other) || isSameSwipe(event, other, zone))
}

function isSameId(a: RawEvent, b: RawEvent): boolean {
  return a.id === b.id && a.source === b.source
}

function isSameSwipe(a: RawEvent, b: RawEvent, zone: string): boolean {
  if (!isAttempt(a) || !isAttempt(b)) return false
  if (a.data.stan === undefined || a.data.rrn === undefined) return false
  const isSame = (['terminalId', 'stan', 'rrn'] as const).every((m) => a.data[m] === b.data[m])
  return isSame && dayOf(a.t, zone) === dayOf(b.t, zone)
}

/** Set A. */
export function isAttempt(event: RawEvent): boolean {
  return event.type === 'card.authorisation'
}

/** Set D. */
export function isDecline(event: RawEvent): boolean {
  return isAttempt(event) && event.data.approved === false
}

/** Set S before voids and reversals: purchases and completions. */
export function isSale(event: RawEvent): boolean {
  if (event.type === 'card.completion') return true
  const code = event.data.processingCode ?? '00'
  return isAttempt(event) && event.data.approved === true && code.startsWith('00')
}

export function isUndoing(event: RawEvent): boolean {
  return event.type === 'card.void' || event.type === 'card.reversal'
}

/** Takes the whole sale out, not only a part of its amount. */
export function isWhole(event: RawEvent): boolean {
  return event.type === 'card.void' || event.data.reversalType !== 'partial'
}

/** The attempts that bursts are counted over, oldest first, after these events were folded. */
export const ringOf = perAppend<RawEvent, readonly RawEvent[]>(
  () => [],
  (ring, event) => (isAttempt(event) ? withAttempt(ring, event) : ring),
)

function withAttempt(ring: readonly RawEvent[], event: RawEvent): RawEvent[] {
  const newestBefore = ring.at(-1)?.t ?? event.t
  if (event.t < newestBefore - RING_LATE_MS) return [...ring]
  const all = [...ring, event].sort(byTimeThenId)
  const newest = all.at(-1)?.t ?? event.t
  return all.filter((entry) => entry.t >= newest - RING_SPAN_MS).slice(-RING_SIZE)
}

export function isAfterInRing(entry: RawEvent, event: RawEvent): boolean {
  return byTimeThenId(entry, event) > 0
}

/** A void or reversal that found its original. */
export type Undoing = Readonly<{
  by: RawEvent
  original: RawEvent
  /** The ring held the original when both were known. */
  inRing: boolean
  /** Whichever of the two was folded last. */
  knownWith: RawEvent
}>

type Known = Readonly<{
  found: Undoing[]
  originals: RawEvent[]
  ring: readonly RawEvent[]
  waiting: readonly RawEvent[]
}>

const knownOf = perAppend<RawEvent, Known>(
  () => ({ found: [], originals: [], ring: [], waiting: [] }),
  learn,
)

/** In the order in which they came to be known. */
export function undoingsOf(events: readonly RawEvent[]): readonly Undoing[] {
  return knownOf(events).found
}

function learn({ found, originals, ring: before, waiting: held }: Known, event: RawEvent): Known {
  const ring = isAttempt(event) ? withAttempt(before, event) : before
  let waiting = held
  if (isAttempt(event) || event.type === 'card.completion') {
    originals.push(event)
    const mine = waiting.filter((by) => isUndoingOf(by, event) && isStillWaiting(by, event))
    waiting = waiting.filter((by) => !mine.includes(by))
    const inRing = ring.includes(event)
    found.push(...mine.map((by) => ({ by, original: event, inRing, knownWith: event })))
  }
  if (isUndoing(event)) {
    const original = originals.findLast((candidate) => isUndoingOf(event, candidate))
    if (original === undefined) waiting = [...waiting, event].slice(-WAITING_SIZE)
    else found.push({ by: event, original, inRing: ring.includes(original), knownWith: event })
  }
  return { found, originals, ring, waiting }
}

function isUndoingOf(by: RawEvent, original: RawEvent): boolean {
  return by.data.originalTransactionId === original.data.transactionId
}

function isStillWaiting(by: RawEvent, event: RawEvent): boolean {
  return event.arrivalMs <= by.arrivalMs + WAITING_MS
}

const ZONE_DEFAULT = 'Asia/Shanghai'
const COUNTRY_DEFAULT = 'CN'

const profileOf = perAppend<RawEvent, readonly RawEvent[]>(
  () => [],
  (told, event) => (isProfile(event) ? [...told, event].sort(inTime) : told),
)

function isProfile({ type }: RawEvent): boolean {
  return type === 'merchant.registered' || type === 'merchant.profile-changed'
}

/** What `merchant.registered` or a later change told last, by event time. */
export function told<Member extends 'timezone' | 'country' | 'mcc' | 'migratedAt'>(
  events: readonly RawEvent[],
  member: Member,
): string | undefined {
  return profileOf(events).findLast(({ data }) => data[member] !== undefined)?.data[member]
}

export function zoneOf(events: readonly RawEvent[]): string {
  return told(events, 'timezone') ?? ZONE_DEFAULT
}

const firstCurrencyOf = perAppend<RawEvent, string | undefined>(
  () => undefined,
  (first, { data }) => first ?? data.currency,
)

/** The currency that amounts are limited in: the profile's, else the first the account showed. */
export function currencyOf(events: readonly RawEvent[]): string | undefined {
  if ((told(events, 'country') ?? COUNTRY_DEFAULT) === 'CN') return 'CNY'
  return firstCurrencyOf(events)
}

const EXPONENTS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, KWD: 3 }

export function minorOf(major: number, currency: string): number {
  return major * 10 ** (EXPONENTS[currency] ?? 2)
}
