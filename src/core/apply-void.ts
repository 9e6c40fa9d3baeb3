/** Voids and reversals: a sale is taken out at its own time, wherever it is still held. */
import type { EventOf } from '../events/event.ts'
import { parseInstant } from '../events/time-text.ts'
import type { Applying } from './applying.ts'
import { withSuccessors } from './apply-sale.ts'
import { findTransaction, waitFor } from './attempts.ts'
import type { Attempt } from './attempts.ts'
import { noteDay, tallyOf } from './days.ts'
import { mendPause } from './pauses.ts'
import { undoActivity } from './terminals.ts'
import { HOUR_MS } from './time.ts'
import type { Day, EpochMs } from './time.ts'

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
  isLate: boolean
}>

export function applyVoid(applying: Applying, event: EventOf<'card.void'>): void {
  const { data } = event
  undo(applying, {
    isLate: applying.arrivedMs - event.timeMs > DAY_LATE_MS_MAX,
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
    isLate: applying.arrivedMs - event.timeMs > DAY_LATE_MS_MAX,
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

/** Behind its arrival; inclusive. A later void moves clocks, but no tally. */
const DAY_LATE_MS_MAX = 72 * HOUR_MS

function undo(applying: Applying, it: Undo): void {
  const { account } = applying
  account.dirty.now = true
  applying.isRevision = true
  const original = findTransaction(account.attempts, it.originalId)
  if (original !== undefined) takeBack(applying, it, original)
  else takeBackUnseen(applying, it)
}

/** The ring still holds it. */
function takeBack(applying: Applying, it: Undo, original: Attempt): void {
  const { account, zone } = applying
  if (original.isVoided) return
  const amount = it.isPartial ? (it.amount ?? 0) : original.amount
  const on = zone.dayOf(original.atMs)
  if (original.isTallied && !it.isLate) {
    noteDay(account.days, on, it.isPartial ? 0 : -1, original.isInMoney ? -amount : 0)
    touch(applying, on)
  }
  original.amount -= it.isPartial ? amount : 0
  original.isVoided = !it.isPartial
  if (it.isPartial || !original.isSale) return
  const saleOn = it.originalMs === undefined ? on : zone.dayOf(it.originalMs)
  if (it.isTimeout || saleOn === zone.dayOf(applying.atMs)) {
    undoOn(applying, original.terminalId, saleOn, original.atMs)
  }
}

/** Fallen out of the ring, or not come yet: what it says of itself is taken, and it waits. */
function takeBackUnseen(applying: Applying, it: Undo): void {
  const { account, zone, atMs, arrivedMs } = applying
  const voidOn = zone.dayOf(atMs)
  let tookTally = false
  if (it.originalMs !== undefined && it.amount !== undefined && !it.isLate) {
    const on = zone.dayOf(it.originalMs)
    tookTally = takeFromDay(applying, on, it)
  }
  let saleOn = it.originalMs === undefined ? undefined : zone.dayOf(it.originalMs)
  if (saleOn === undefined && it.isSameDay) saleOn = voidOn
  let tookActivity = false
  if (!it.isPartial && saleOn !== undefined && (it.isTimeout || saleOn === voidOn)) {
    if (it.terminalId !== undefined)
      tookActivity = undoOn(applying, it.terminalId, saleOn, it.originalMs ?? applying.atMs)
  }
  if (!tookTally && !tookActivity) applying.notes.push({ kind: 'no-original' })
  const { originalId, isPartial, isTimeout, amount } = it
  waitFor(account.attempts, {
    ...{ originalId, atMs, arrivedMs, isPartial, isTimeout, amount },
    ...{ tookTally, tookActivity },
  })
}

function takeFromDay(applying: Applying, on: Day, it: Undo): boolean {
  const { account, currency } = applying
  if (tallyOf(account.days, on).count < 1) return false
  const money = currency ?? account.facts.currency
  const isInMoney = it.currency === undefined || it.currency === money
  noteDay(account.days, on, it.isPartial ? 0 : -1, isInMoney ? -(it.amount ?? 0) : 0)
  touch(applying, on)
  return true
}

function touch(applying: Applying, on: Day): void {
  applying.account.dirty.past = true
  applying.changes.add('sales')
  applying.touchedOn = on
}

function undoOn(applying: Applying, terminalId: string, on: Day, saleMs: EpochMs): boolean {
  const { account, changes } = applying
  const { terminals, pauses } = account.facts
  const terminal = terminals.get(terminalId)
  if (terminal === undefined) return false
  let isUndone = false
  for (const it of withSuccessors(terminals, terminal, saleMs)) {
    const left = undoActivity(it, on)
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
