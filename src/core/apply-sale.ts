/** Attempts and sales: into the ring, the panes, the day's tallies, and the terminal's activity. */
import type { EventOf } from '../events/event.ts'
import { dirtyDay } from './account.ts'
import { beActive } from './activity.ts'
import type { Sold } from './activity.ts'
import type { Applying } from './applying.ts'
import { cardHash, newestMs, noteAttempt, transactionHash } from './attempts.ts'
import type { Attempt, Text } from './attempts.ts'
import { noteDay } from './days.ts'
import { noteBusy } from './idle.ts'
import { noteIssuer, notePane } from './panes.ts'
import { noteReturn, splitSilence } from './reactivation.ts'
import { paneOf } from './spans.ts'
import { tallySale } from './tally.ts'
import { HOUR_MS } from './time.ts'
import type { Day } from './time.ts'
import { waitingOf } from './waiting.ts'
import type { Waiting } from './waiting.ts'

/** Behind its arrival; inclusive. A later sale moves clocks, but no tally. */
export const DAY_LATE_MS_MAX = 72 * HOUR_MS
/** The same for panes and the tallies by card. */
export const PANE_LATE_MS_MAX = 24 * HOUR_MS

export function applyAuthorisation(applying: Applying, event: EventOf<'card.authorisation'>): void {
  const { data } = event
  const { approved, cardToken, processingCode = '00' } = data
  applying.changes.add('attempts')
  const attempt = attemptOf(applying, event)
  attempt.isApproved = approved
  attempt.isSale = approved && processingCode.startsWith('00')
  attempt.isAttempt = true
  attempt.card = cardToken === undefined ? 0 : cardHash(cardToken)
  if (approved) {
    if (data.offline !== true) noteApproval(applying)
  } else {
    attempt.responseCode = data.responseCode
    attempt.issuer = data.issuerId ?? ''
  }
  countAttempt(applying, event, !approved)
  enter(applying, attempt, event, cardToken, data.cardFlag === undefined)
}

export function applyCompletion(applying: Applying, event: EventOf<'card.completion'>): void {
  enter(applying, attemptOf(applying, event), event, undefined, true)
}

/** As a completion is: approved, a sale, without a card. */
function attemptOf({ account, atMs, currency }: Applying, { data }: Sold): Attempt {
  const { facts } = account
  return {
    atMs,
    transaction: transactionHash(data.transactionId),
    card: 0,
    amount: data.amount,
    terminalId: data.terminalId,
    responseCode: '',
    issuer: '',
    isInMoney: data.currency === (currency ?? facts.currency),
    isApproved: true,
    isSale: true,
    isTallied: false,
    isCarded: false,
    isVoided: false,
    isActivity: false,
    isAttempt: false,
  }
}

function noteApproval({ account, atMs, changes }: Applying): void {
  if (atMs <= account.approvedMs) return
  account.approvedMs = atMs
  changes.add('approval')
}

/** In the panes of a day, and in the attempts of its date: what shares of declines are taken of. */
function countAttempt(
  { account, atMs, arrivedMs, zone, counting }: Applying,
  event: EventOf<'card.authorisation'>,
  isDecline: boolean,
): void {
  const lateMs = arrivedMs - event.timeMs
  if (lateMs > DAY_LATE_MS_MAX) return
  const on = zone.dayOf(atMs)
  noteBusy(account, on, zone, counting)
  noteDay(account.days, on, { attempts: 1, declines: Number(isDecline) })
  dirtyDay(account, on)
  if (lateMs > PANE_LATE_MS_MAX) return
  notePane(account.panes, paneOf(atMs), isDecline)
  if (isDecline) noteIssuer(account.panes, on, event.data.issuerId)
}

function enter(
  applying: Applying,
  attempt: Attempt,
  event: Sold,
  token: string | undefined,
  isByCustomer: boolean,
): void {
  const { account, arrivedMs, notes } = applying
  const newest = newestMs(account.attempts) ?? account.facts.newestAttemptMs
  applying.isOvertaken = attempt.atMs < newest
  account.dirty.now = true
  if (!attempt.isInMoney) notes.push({ kind: 'currency-mismatch' })
  if (attempt.isSale) {
    const before = takeWaiting(applying, event.data.transactionId)
    const lateMs = arrivedMs - event.timeMs
    sell(applying, attempt, { event, token, isByCustomer, lateMs, before })
  }
  const isIn =
    attempt.atMs >= account.facts.newestAttemptMs - HOUR_MS &&
    noteAttempt(account.attempts, attempt, textOf(attempt, event))
  if (!isIn) notes.push({ kind: 'late', action: attempt.isTallied ? 'entered' : 'facts-only' })
}

function textOf({ transaction, isApproved }: Attempt, event: Sold): Text | undefined {
  if (isApproved || event.type !== 'card.authorisation') return undefined
  const { currency, last4 = '' } = event.data
  return { transaction, eventId: event.id, currency, last4 }
}

/** What came before its sale: a void of the whole, and what partial reversals gave back. */
type Before = Readonly<{
  whole: Waiting | undefined
  given: number
  /** Of that, what was not taken out of the tally then. */
  taken: number
}>

const NOTHING_BEFORE: Before = { whole: undefined, given: 0, taken: 0 }

function takeWaiting({ account, arrivedMs }: Applying, transactionId: string): Before {
  const { waiting } = account
  // Nearly always nothing waits.
  if (waiting.length === 0) return NOTHING_BEFORE
  const mine = waitingOf(waiting, transactionId, arrivedMs)
  account.waiting = waiting.filter(({ originalId }) => originalId !== transactionId)
  const partial = mine.filter(({ isPartial }) => isPartial)
  return {
    whole: mine.find(({ isPartial }) => !isPartial),
    given: partial.reduce((sum, { amount = 0 }) => sum + amount, 0),
    taken: partial.reduce((sum, it) => sum + (it.tookTally ? 0 : (it.amount ?? 0)), 0),
  }
}

type Selling = Readonly<{
  event: Sold
  token: string | undefined
  lateMs: number
  isByCustomer: boolean
  before: Before
}>

/** A void that came first may have been taken out already: then the sale enters as if nothing had. */
function sell(applying: Applying, attempt: Attempt, selling: Selling): void {
  const { account, zone, atMs, counting } = applying
  const { lateMs } = selling
  const { whole, given, taken } = selling.before
  const on = zone.dayOf(atMs)
  attempt.isVoided = whole !== undefined
  const isUndone = whole !== undefined && !whole.tookActivity && undoes(whole, on, applying)
  const isActivity = selling.isByCustomer && attempt.amount - given >= 1 && !isUndone
  const isCounted = lateMs <= DAY_LATE_MS_MAX && (whole === undefined || whole.tookTally)
  if (isCounted || isActivity) splitGap(applying, on, isActivity)
  if (isCounted) noteBusy(account, on, zone, counting)
  // One too late to be tallied may be the first after a silence all the same.
  if (isCounted || isActivity) noteReturn(account, on, counting)
  if (isCounted) {
    attempt.isCarded = lateMs <= PANE_LATE_MS_MAX && selling.token !== undefined
    tallySale(
      applying,
      {
        on,
        amount: Math.max(0, attempt.amount - taken),
        currency: selling.event.data.currency,
        isInMoney: attempt.isInMoney,
        token: attempt.isCarded ? selling.token : undefined,
      },
      1,
    )
    attempt.isTallied = whole === undefined
  }
  attempt.amount = Math.max(0, attempt.amount - given)
  attempt.isActivity = isActivity
  if (isActivity) beActive(applying, attempt, selling.event, on)
}

/** What rests on a silence is asked again, even where the sale is too late to be tallied. */
function splitGap(applying: Applying, on: Day, isActivity: boolean): void {
  const { account, atMs, counting, changes } = applying
  if (!splitSilence(account, { on, atMs, isActivity }, counting)) return
  changes.add('sales')
  applying.isRevision = true
}

function undoes(whole: Waiting, on: Day, { zone }: Applying): boolean {
  return whole.isTimeout || zone.dayOf(whole.atMs) === on
}
