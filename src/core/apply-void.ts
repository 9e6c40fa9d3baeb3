/** Voids and reversals: a sale is taken out at its own time, wherever it is still held. */
import type { EventOf } from '../events/event.ts'
import { parseInstant } from '../events/time-text.ts'
import { dirtyDay } from './account.ts'
import type { Account } from './account.ts'
import type { Applying } from './applying.ts'
import { withSuccessors } from './activity.ts'
import { DAY_LATE_MS_MAX, PANE_LATE_MS_MAX } from './apply-sale.ts'
import { ATTEMPTS_MAX, attemptAt, findTransaction, newestMs } from './attempts.ts'
import { oldestMs, rewrite } from './attempts.ts'
import { noteDay, tallyOf } from './days.ts'
import { currencyOf } from './money.ts'
import { mendPause } from './pauses.ts'
import { tallySale, tokenOf } from './tally.ts'
import { undoActivity } from './terminals.ts'
import { HOUR_MS } from './time.ts'
import type { Day, EpochMs } from './time.ts'
import { waitFor } from './waiting.ts'

type Undo = Readonly<{
  originalId: string
  isPartial: boolean
  /** A timeout undoes activity of any date, a merchant's void only of its own. */
  isTimeout: boolean
  isSameDay: boolean
  originalMs: EpochMs | undefined
  terminalId: string | undefined
  amount: number | undefined
  currency: string | undefined
  token: string | undefined
  isLate: boolean
  isLateForCards: boolean
}>

export function applyVoid(applying: Applying, event: EventOf<'card.void'>): void {
  const { data } = event
  undo(applying, {
    ...lateOf(applying, event),
    token: data.cardToken,
    originalId: data.originalTransactionId,
    isPartial: false,
    isTimeout: false,
    isSameDay: data.sameDay,
    originalMs: data.originalTime === undefined ? undefined : parseInstant(data.originalTime),
    terminalId: data.terminalId,
    amount: data.amount,
    currency: data.currency,
  })
}

export function applyReversal(applying: Applying, event: EventOf<'card.reversal'>): void {
  const { data } = event
  undo(applying, {
    ...lateOf(applying, event),
    token: data.cardToken,
    originalId: data.originalTransactionId,
    isPartial: data.reversalType === 'partial',
    isTimeout: data.reversalType === 'system-timeout',
    isSameDay: false,
    originalMs: data.originalTime === undefined ? undefined : parseInstant(data.originalTime),
    terminalId: data.terminalId,
    amount: data.amount,
    currency: data.currency,
  })
}

/** A void that is late itself moves clocks, but no tally. */
function lateOf({ arrivedMs }: Applying, { timeMs }: Readonly<{ timeMs: EpochMs }>) {
  const lateMs = arrivedMs - timeMs
  return { isLate: lateMs > DAY_LATE_MS_MAX, isLateForCards: lateMs > PANE_LATE_MS_MAX }
}

function undo(applying: Applying, it: Undo): void {
  const { account } = applying
  account.dirty.now = true
  applying.isRevision = true
  const original = findTransaction(account.attempts, it.originalId)
  if (original >= 0) takeBack(applying, it, original)
  else takeBackUnseen(applying, it)
}

/** The ring still holds it. */
function takeBack(applying: Applying, it: Undo, row: number): void {
  const { account, zone } = applying
  const original = attemptAt(account.attempts, row)
  if (original.isVoided) return
  const on = zone.dayOf(original.atMs)
  const left = it.isPartial ? Math.max(0, original.amount - (it.amount ?? 0)) : original.amount
  if (original.isTallied && !it.isLate) {
    const isCarded = original.isCarded && !it.isLateForCards
    const token = isCarded ? (it.token ?? tokenOf(applying, on, original.card)) : undefined
    const { isInMoney } = original
    const sale = { on, currency: currencyOf(applying, account.facts), isInMoney, token }
    if (it.isPartial) tallySale(applying, { ...sale, amount: left }, 1)
    tallySale(applying, { ...sale, amount: original.amount }, -1)
  }
  original.amount = left
  original.isVoided = !it.isPartial
  rewrite(account.attempts, row, original)
  if (it.isPartial || !original.isSale || !original.isActivity) return
  const saleOn = it.originalMs === undefined ? on : zone.dayOf(it.originalMs)
  if (it.isTimeout || saleOn === zone.dayOf(applying.atMs)) {
    undoOn(applying, original.terminalId, saleOn, original.atMs)
  }
}

/**
 * Fallen out of the ring, or not come yet: it waits. Of a sale that is on its way for certain it takes nothing
 * meanwhile: the others of the date would seem not to have been. Else what it says of itself is taken at once.
 */
function takeBackUnseen(applying: Applying, it: Undo): void {
  const { account, atMs, arrivedMs } = applying
  const isToCome = it.originalMs !== undefined && isOnItsWay(account, it.originalMs)
  const tookTally = !isToCome && takeTallyUnseen(applying, it)
  const tookActivity = !isToCome && takeActivityUnseen(applying, it)
  if (!tookTally && !tookActivity) applying.notes.push({ kind: 'no-original' })
  const { originalId, isPartial, isTimeout, amount } = it
  account.waiting = waitFor(account.waiting, {
    ...{ originalId, atMs, arrivedMs, isPartial, isTimeout, amount },
    ...{ tookTally, tookActivity },
  })
}

function takeTallyUnseen(applying: Applying, it: Undo): boolean {
  if (it.originalMs === undefined || it.amount === undefined || it.isLate) return false
  return takeFromDay(applying, applying.zone.dayOf(it.originalMs), it, it.amount)
}

function takeActivityUnseen(applying: Applying, it: Undo): boolean {
  const { zone, atMs } = applying
  if (it.isPartial || it.terminalId === undefined) return false
  const voidOn = zone.dayOf(atMs)
  const unnamed = it.isSameDay ? voidOn : undefined
  const saleOn = it.originalMs === undefined ? unnamed : zone.dayOf(it.originalMs)
  if (saleOn === undefined || !(it.isTimeout || saleOn === voidOn)) return false
  return undoOn(applying, it.terminalId, saleOn, it.originalMs)
}

/** Had a sale of that instant come, the ring would hold it. */
function isOnItsWay({ attempts, facts }: Account, saleMs: EpochMs): boolean {
  const newest = newestMs(attempts) ?? facts.newestAttemptMs
  if (saleMs > newest) return true
  const oldest = oldestMs(attempts)
  if (oldest === undefined || saleMs < newest - HOUR_MS) return false
  return attempts.entries.count < ATTEMPTS_MAX || saleMs > oldest
}

/** Of a partial one only the sum is known: what the sale was before is not. */
function takeFromDay(applying: Applying, on: Day, it: Undo, amount: number): boolean {
  const { account } = applying
  if (tallyOf(account.days, on).count < 1) return false
  const money = currencyOf(applying, account.facts)
  const isInMoney = it.currency === undefined || it.currency === money
  if (!it.isPartial) {
    const token = it.isLateForCards ? undefined : it.token
    tallySale(applying, { on, amount, currency: money, isInMoney, token }, -1)
    return true
  }
  noteDay(account.days, on, { sum: isInMoney ? -amount : 0 })
  dirtyDay(account, on)
  applying.changes.add('sales')
  applying.touchedOn = on
  return true
}

function undoOn(
  applying: Applying,
  terminalId: string,
  on: Day,
  /** Undefined: its void does not say. */
  saleMs: EpochMs | undefined,
): boolean {
  const { account, changes, atMs } = applying
  const { terminals, pauses } = account.facts
  const terminal = terminals.get(terminalId)
  if (terminal === undefined) return false
  let isUndone = false
  for (const it of withSuccessors(terminals, terminal, saleMs ?? atMs)) {
    const left = undoActivity(it, on, saleMs)
    if (left !== 'nothing') isUndone = true
    if (left !== 'date-gone') continue
    changes.add('activity')
    it.activeArrivedMs = 0
  }
  const isActive = [...terminals.values()].some(({ activity }) => activity.some((a) => a.on === on))
  if (!isActive && mendPause(pauses, on)) {
    account.dirty.facts = true
    changes.add('pauses')
  }
  return isUndone
}
