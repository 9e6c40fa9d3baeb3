/** Attempts and sales: into the ring, the day's tally, and the terminal's activity. */
import type { EventOf } from '../events/event.ts'
import type { Applying } from './applying.ts'
import { noteAttempt, takeWaiting } from './attempts.ts'
import type { Attempt, Waiting } from './attempts.ts'
import { noteDay } from './days.ts'
import { breakPause } from './pauses.ts'
import { isExempt, noteActivity, terminalOf } from './terminals.ts'
import type { Activity, Terminal } from './terminals.ts'
import { HOUR_MS } from './time.ts'
import type { Day, EpochMs } from './time.ts'

/** Behind its arrival; inclusive. A later sale moves clocks, but no tally. */
const DAY_LATE_MS_MAX = 72 * HOUR_MS

export function applyAuthorisation(applying: Applying, event: EventOf<'card.authorisation'>): void {
  const { data } = event
  const { processingCode = '00' } = data
  applying.changes.add('attempts')
  const attempt: Attempt = {
    ...commonOf(applying, event),
    isApproved: data.approved,
    isSale: data.approved && processingCode.startsWith('00'),
    responseCode: data.responseCode,
    card: data.cardToken,
    last4: data.last4,
  }
  enter(applying, attempt, event, data.cardFlag === undefined)
}

export function applyCompletion(applying: Applying, event: EventOf<'card.completion'>): void {
  const attempt: Attempt = {
    ...commonOf(applying, event),
    isApproved: true,
    isSale: true,
    responseCode: undefined,
    card: undefined,
    last4: undefined,
  }
  enter(applying, attempt, event, true)
}

function commonOf(
  { account, atMs, currency }: Applying,
  event: EventOf<'card.authorisation'> | EventOf<'card.completion'>,
) {
  const { facts } = account
  const { data } = event
  if (facts.currency === undefined) {
    facts.currency = data.currency
    account.dirty.facts = true
  }
  return {
    atMs,
    idHash: event.idHash,
    eventId: event.id,
    transactionId: data.transactionId,
    terminalId: data.terminalId,
    amount: data.amount,
    currency: data.currency,
    isInMoney: data.currency === (currency ?? facts.currency),
    isTallied: false,
    isVoided: false,
  }
}

function enter(
  applying: Applying,
  attempt: Attempt,
  event: Readonly<{ timeMs: number }>,
  isByCustomer: boolean,
): void {
  const { account, arrivedMs, notes } = applying
  const waiting = takeWaiting(account.attempts, attempt.transactionId, arrivedMs)
  account.dirty.now = true
  if (!attempt.isInMoney) notes.push({ kind: 'currency-mismatch' })
  if (attempt.isSale) sell(applying, attempt, arrivedMs - event.timeMs, isByCustomer, waiting)
  const isIn = noteAttempt(account.attempts, attempt)
  if (!isIn) notes.push({ kind: 'late', action: attempt.isTallied ? 'entered' : 'facts-only' })
}

/** A void that came first may have been taken out already: then the sale enters as if nothing had. */
function sell(
  applying: Applying,
  attempt: Attempt,
  lateMs: number,
  isByCustomer: boolean,
  waiting: readonly Waiting[],
): void {
  const { account, zone, atMs } = applying
  const on = zone.dayOf(atMs)
  const whole = waiting.find(({ isPartial }) => !isPartial)
  const partial = waiting.filter(({ isPartial }) => isPartial)
  attempt.isVoided = whole !== undefined
  if (lateMs <= DAY_LATE_MS_MAX && (whole === undefined || whole.tookTally)) {
    const taken = partial.reduce((sum, it) => sum + (it.tookTally ? 0 : (it.amount ?? 0)), 0)
    noteDay(account.days, on, 1, attempt.isInMoney ? attempt.amount - taken : 0)
    attempt.isTallied = whole === undefined
    account.dirty.past = true
    applying.changes.add('sales')
    applying.touchedOn = on
  }
  for (const { amount = 0 } of partial) attempt.amount -= amount
  const isUndone = whole !== undefined && undoes(whole, on, applying)
  if (isByCustomer && attempt.amount >= 1 && (!isUndone || whole.tookActivity)) {
    beActive(applying, attempt, on)
  }
}

function undoes(whole: Waiting, on: Day, { zone }: Applying): boolean {
  return whole.isTimeout || zone.dayOf(whole.atMs) === on
}

/** A sale by a customer of at least one minor unit: what the inactivity clocks start from. */
function beActive(applying: Applying, attempt: Attempt, on: Day): void {
  const { account, changes, zone, atMs, arrivedMs } = applying
  const { facts } = account
  const sale: Activity = {
    on,
    count: 1,
    firstMs: atMs,
    lastMs: atMs,
    eventId: attempt.eventId,
    amount: attempt.amount,
    currency: attempt.currency,
    responseCode: attempt.responseCode,
    last4: attempt.last4,
  }
  const terminal = terminalOf(facts.terminals, attempt.terminalId)
  for (const it of withSuccessors(facts.terminals, terminal, atMs)) {
    if (noteActivity(it, { ...sale })) changes.add('activity')
    it.activeArrivedMs = arrivedMs
  }
  // A sale of today moves the clock; one that does not may still end a wait for stored sales.
  const isLate = on < zone.dayOf(arrivedMs)
  if (isLate || isExempt(terminal, Infinity)) changes.add('backlog')
  if (facts.firstActivityOn === undefined || on < facts.firstActivityOn) {
    facts.firstActivityOn = on
    account.dirty.facts = true
    changes.add('activity')
  }
  if (facts.lifecycle === 'pending-activation') {
    facts.lifecycle = 'active'
    account.dirty.facts = true
    changes.add('lifecycle')
  }
  if (breakPause(facts.pauses, on, atMs)) {
    account.dirty.facts = true
    changes.add('pauses')
  }
}

/** A sale from before a terminal was replaced is its successor's activity too. */
export function withSuccessors(
  terminals: ReadonlyMap<string, Terminal>,
  first: Terminal,
  atMs: EpochMs,
): Terminal[] {
  const chain = [first]
  for (let it = first; it.successor !== undefined && atMs <= Math.max(...it.replacements);) {
    const next = terminals.get(it.successor)
    if (next === undefined || chain.includes(next)) break
    chain.push(next)
    it = next
  }
  return chain
}
