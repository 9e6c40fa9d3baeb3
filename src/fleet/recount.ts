/**
 * Counts again, from the planned events alone, what the detectors must say of one account. It is
 * brute force on purpose, and shares nothing with the product: the two must agree.
 */
import { dateText, type Day, type Place } from './civil.ts'
import type { Authorisation, Planned, Undoing } from './planned.ts'
import { createAbsence, endAbsence, foldAbsence, judgeAbsence } from './recount-absence.ts'
import { noteActivity, undoActivity, type Absence } from './recount-absence.ts'
import { pausesBefore, type Pause } from './recount-absence-facts.ts'
import { affairsDueMs, createAffairs, endAffairs } from './recount-affairs.ts'
import { fireAffairs, foldAffairs, type Affairs } from './recount-affairs.ts'
import { closeCards, createCards, endCards, foldOther, foldSold } from './recount-cards.ts'
import { foldTry, nextOfCards, reduceSold, type Cards } from './recount-cards.ts'
import { closeDeclines, createDeclines, foldAttempt, type Declines } from './recount-declines.ts'
import { createFees, endFees, foldFee, judgeFees, type Fees } from './recount-fees.ts'
import { foldAnswer } from './recount-network.ts'
import { GRACE_MS, type Moment, type Told } from './recount-track.ts'
import { createVolume, type Volume } from './recount-volume-rule.ts'
import { closeVolume, foldSale, reduceSale, startBurnIn, undoSale } from './recount-volume.ts'
import { endWatch } from './recount-watch.ts'

/** The detectors of which the truth is complete. */
export const TRUE_DETECTORS = [
  'card-testing',
  'decline-burst-card',
  'decline-ratio-spike',
  'document-expiry',
  'dormant-reactivation',
  'fee-collection-failed',
  'fee-due-soon',
  'fee-overdue',
  'merchant-inactivity',
  'negative-balance',
  'network-rejected',
  'never-activated',
  'pause-ending',
  'payout-returned',
  'repeat-card',
  'round-amount',
  'terminal-inactivity',
  'unmatched-refund',
  'volume-spike',
] as const

/** One record: `stage` is the stage told, or how the warning ended; `date` that of its `time`. */
export type Expected = Readonly<{ detector: string; subject: string; stage: Told; date: string }>

export type Who = Readonly<{ place: Place; mcc: string; exponent: number }>

type State = {
  place: Place
  absence: Absence
  fees: Fees
  affairs: Affairs
  declines: Declines
  volume: Volume
  cards: Cards
  /** As they stand, until a fact changes. */
  pauses: readonly Pause[] | undefined
  /** Sales that a void or a reversal may still name. */
  sales: Map<string, Readonly<{ ms: number; terminalId: string; isActivity: boolean }>>
  undone: Set<string>
  /** The local day of each attempt by terminal and trace numbers. */
  attempts: Map<string, Day>
  isEnded: boolean
}

const AHEAD_MS_MAX = 300_000
const TALLY_LATE_MS_MAX = 72 * 3_600_000

/** Every record up to `untilMs`, in the order of their times. `events` are in order of arrival. */
export function recount(who: Who, events: Iterable<Planned>, untilMs: number): Expected[] {
  const told: Expected[] = []
  const state = createState(who, (detector, subject, stage, atMs) => {
    told.push({ detector, subject, stage, date: dateText(who.place.dayAt(atMs)) })
  })
  const seen = new Set<string>()
  for (const event of events) {
    if (event.arriveMs > untilMs) break
    fire(state, event.arriveMs)
    if (seen.has(event.id) || state.isEnded) continue
    seen.add(event.id)
    // A clock that runs ahead is believed for five minutes.
    const latestMs = event.arriveMs + AHEAD_MS_MAX
    fold(state, event.timeMs > latestMs ? { ...event, timeMs: latestMs } : event)
  }
  fire(state, untilMs)
  return told
}

function createState(who: Who, tell: (d: string, s: string, t: Told, ms: number) => void): State {
  const { place, mcc } = who
  const major = 10 ** who.exponent
  const absence = createAbsence(place, tell)
  const fees = createFees(place, major, tell)
  const common = { place, major, mcc, isPaused: (day: Day) => isPausedIn(state, day, day) }
  const volume = createVolume(common, tell)
  const declines = createDeclines(place, tell)
  const state: State = {
    place,
    absence,
    fees,
    affairs: createAffairs(place, major, fees, tell),
    declines,
    volume,
    cards: createCards(
      {
        ...common,
        isPausedIn: (from, to) => isPausedIn(state, from, to),
        isTradingDay: (day) => (volume.counts.get(day) ?? 0) > 0,
        burnInEnd: () => volume.burnInEnd,
        isElseOpen: () => declines.open !== undefined || volume.watch.open !== undefined,
      },
      tell,
    ),
    pauses: undefined,
    sales: new Map(),
    undone: new Set(),
    attempts: new Map(),
    isEnded: false,
  }
  return state
}

/** Whether a declared pause touches the dates, both included. */
function isPausedIn(state: State, first: Day, last: Day): boolean {
  if (state.absence.facts.pauses.length === 0) return false
  state.pauses ??= pausesBefore(state.absence.facts, Infinity)
  return state.pauses.some(({ from, end }) => last >= from && first <= end)
}

function judge(state: State, moment: Moment): void {
  state.pauses = undefined
  judgeAbsence(state.absence, moment)
}

/** Fires every timer due a grace before `ms`, the earliest first. */
function fire({ absence, fees, affairs, declines, volume, cards }: State, ms: number): void {
  for (;;) {
    const dueMs = Math.min(
      absence.nextMs,
      fees.nextMs,
      affairsDueMs(affairs),
      declines.nextMs,
      volume.watch.nextMs,
      nextOfCards(cards),
    )
    if (dueMs + GRACE_MS > ms) return
    const moment = { atMs: dueMs, dueByMs: dueMs, byEvent: false }
    if (absence.nextMs === dueMs) judgeAbsence(absence, moment)
    if (fees.nextMs === dueMs) judgeFees(fees, moment)
    fireAffairs(affairs, moment)
    if (declines.nextMs === dueMs) closeDeclines(declines, dueMs)
    if (volume.watch.nextMs === dueMs) closeVolume(volume)
    closeCards(cards, dueMs)
  }
}

function fold(state: State, event: Planned): void {
  const { absence, fees } = state
  const { arriveMs } = event
  const moment = { atMs: arriveMs, dueByMs: arriveMs - GRACE_MS, byEvent: true }
  switch (event.type) {
    case 'card.authorisation':
      foldAuthorisation(state, event, event.data)
      return
    case 'card.void':
    case 'card.reversal':
      if (undo(state, event.data, arriveMs)) judge(state, moment)
      return
    case 'account.deregistered':
    case 'cancellation.completed':
      endAll(state, arriveMs)
      return
    case 'terminal.activated':
      startBurnIn(state.volume, state.place.dayAt(event.timeMs))
      break
    default:
  }
  const owed = foldFee(fees, event)
  if (owed !== undefined) judgeFees(fees, moment, owed)
  foldAffairs(state.affairs, event, moment)
  foldOther(state.cards, event)
  if (foldAbsence(absence, event)) judge(state, moment)
}

function foldAuthorisation(state: State, event: Planned, data: Authorisation): void {
  const { place, absence, declines, volume } = state
  const { timeMs, arriveMs } = event
  if (data.stan !== undefined && data.rrn !== undefined) {
    const attempt = `${data.terminalId} ${data.stan} ${data.rrn}`
    const day = place.dayAt(timeMs)
    if (state.attempts.get(attempt) === day) return
    state.attempts.set(attempt, day)
  }
  const isDeclined = !data.approved
  const { amount, cardToken: card, issuerId: issuer, responseCode: code } = data
  const attempt = { ms: timeMs, id: event.id, isDeclined, amount, card, issuer, code }
  foldAttempt(declines, attempt, arriveMs)
  foldTry(state.cards, declines, attempt, arriveMs)
  foldAnswer(state.affairs.network, event, data)
  if (isDeclined || !(data.processingCode ?? '00').startsWith('00')) return
  const { transactionId, terminalId } = data
  if (state.undone.has(transactionId)) return
  const isActivity = data.cardFlag === undefined && amount >= 1
  state.sales.set(transactionId, { ms: timeMs, terminalId, isActivity })
  if (volume.burnInEnd === undefined) startBurnIn(volume, place.dayAt(timeMs))
  const isNewDay = isActivity && noteActivity(absence, terminalId, timeMs)
  if (isNewDay) state.pauses = undefined
  const day = place.dayAt(timeMs)
  const lateMs = arriveMs - timeMs
  if (lateMs <= TALLY_LATE_MS_MAX) foldSale(volume, transactionId, { day, amount }, arriveMs)
  const sold = { ms: timeMs, lateMs, day, amount, card, isActivity }
  foldSold(state.cards, transactionId, sold, arriveMs)
  if (isNewDay) {
    judge(state, { atMs: arriveMs, dueByMs: arriveMs - GRACE_MS, byEvent: true })
  }
}

/** True when a clock may have moved. A sale that is not known yet will not count when it comes. */
function undo(state: State, data: Undoing, arriveMs: number): boolean {
  const { originalTransactionId: id, reversalType } = data
  const sale = state.sales.get(id)
  if (reversalType === 'partial') {
    if (sale === undefined) throw new Error('a part of a sale that is not known')
    reduceSale(state.volume, id, arriveMs, data.amount)
    reduceSold(state.cards, id, arriveMs, data.amount)
    return false
  }
  state.undone.add(id)
  if (sale === undefined) return false
  state.sales.delete(id)
  undoSale(state.volume, id, arriveMs)
  reduceSold(state.cards, id, arriveMs)
  return sale.isActivity && undoActivity(state.absence, sale.terminalId, sale.ms)
}

function endAll(state: State, atMs: number): void {
  const { absence, fees, affairs, declines, volume, cards } = state
  endAbsence(absence, atMs)
  endFees(fees, atMs)
  endAffairs(affairs, atMs)
  closeDeclines(declines, atMs)
  endWatch(volume.watch, 'resolved', atMs)
  endCards(cards, atMs)
  state.isEnded = true
}
