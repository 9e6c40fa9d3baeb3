/** Refunds for which there was no sale: money goes out that never came in. */
import { z } from 'zod'
import type { Account } from '../core/account.ts'
import { defineDetector } from '../core/detector.ts'
import type { Measure, Moment } from '../core/detector.ts'
import type { Look } from '../core/look.ts'
import { currencyOf, majorAmount, minorOf } from '../core/money.ts'
import type { UnmatchedRefund } from '../core/refunds.ts'
import { PANES_A_DAY, paneEndMs, paneOf } from '../core/spans.ts'

const EVIDENCE_MAX = 20

const limits = z.strictObject({
  /** In major units: one of at least this is enough. */
  amountMin: majorAmount,
  /** Of smaller ones, so many within a day. */
  refundsMin: z.int().min(2),
  /** A merchant that came from elsewhere has sales we never saw: for so many local dates no more than a notice. */
  migratedDays: z.int().nonnegative(),
})
type Limits = z.infer<typeof limits>

export const unmatchedRefund = defineDetector<Limits>({
  name: 'unmatched-refund',
  version: 1,
  kind: 'behaviour',
  on: ['refunds', 'lifecycle'],
  clears: ['explain-transactions', 'confirm-refunds'],
  documents: ['transaction-voucher', 'sales-invoice'],
  advice: ['adv-secure'],
  limits,

  measure(account, moment, its) {
    const { event, eventMs, again } = moment
    if (again !== undefined || event?.type !== 'card.refund' || eventMs === undefined) return []
    const pane = paneOf(eventMs)
    const ends = account.refunds.map((refund) => refund.pane)
    const later = ends.filter((end) => end >= pane && end < pane + PANES_A_DAY)
    return [...new Set(later)].flatMap((end) => day(account, moment, its, end))
  },

  look(account, moment, its) {
    const pane = paneOf(moment.atMs)
    const { held, currency, largest, amountMin, isMigrated } = refundsTo(account, moment, its, pane)
    const common = {
      rule: 'P24h',
      window: { fromMs: paneEndMs(pane - PANES_A_DAY), toMs: paneEndMs(pane) },
      k: held.length,
      seen: { currency },
      ...(isMigrated ? { stageMax: 'notice' as const } : {}),
    }
    const ways = [
      { name: 'amountMin', value: largest, limit: amountMin, unit: 'minor-units' },
      { name: 'refundsMin', value: held.length, limit: its.refundsMin, unit: 'refunds' },
    ]
    return ways.map((way): Look => {
      return { ...common, isHit: way.value >= way.limit, limits: [way] }
    })
  },
})

/** Of the 288 panes that end with one, its own included. */
function refundsTo({ facts, refunds }: Account, moment: Moment, its: Limits, pane: number) {
  const { zone, profile } = moment
  const held = refunds.filter((it) => it.pane <= pane && it.pane > pane - PANES_A_DAY)
  const currency = currencyOf(profile, facts)
  const on = zone.dayOf(paneEndMs(pane) - 1)
  const { migratedMs } = facts
  return {
    ...{ held, currency, on },
    largest: Math.max(0, ...held.map((it) => (it.isInMoney ? it.amount : 0))),
    amountMin: minorOf(its.amountMin, currency),
    isMigrated: migratedMs !== undefined && on < zone.dayOf(migratedMs) + its.migratedDays,
  }
}

function day(account: Account, moment: Moment, its: Limits, pane: number): Measure[] {
  const { held, currency, on, largest, amountMin, isMigrated } = refundsTo(
    ...([account, moment, its, pane] as const),
  )
  const isByAmount = largest >= amountMin
  if (!isByAmount && held.length < its.refundsMin) return []
  const toMs = paneEndMs(pane)
  return [
    {
      kind: 'level',
      subject: 'account',
      consequence: 'suspension',
      rule: 'P24h',
      window: { fromMs: paneEndMs(pane - PANES_A_DAY), toMs },
      on,
      isHit: true,
      pane,
      value: isByAmount ? largest : held.length,
      limit: isByAmount ? amountMin : its.refundsMin,
      unit: isByAmount ? 'minor-units' : 'refunds',
      k: held.length,
      audience: ['merchant', 'operator'],
      terminalIds: [...new Set(held.map(({ terminalId }) => terminalId))],
      seen: seenOf(held, largest, currency),
      evidence: held.slice(-EVIDENCE_MAX).map((it) => ({
        eventId: it.eventId,
        timeMs: it.atMs,
        terminalId: it.terminalId,
        amount: it.amount,
        currency: it.currency,
      })),
      ...(isMigrated ? { stageMax: 'notice' } : {}),
    },
  ]
}

function seenOf(held: readonly UnmatchedRefund[], largest: number, currency: string) {
  const failures = [...new Set(held.map(({ failure }) => failure))].filter((it) => it !== '')
  const cashiers = [...new Set(held.map(({ cashier }) => cashier))].filter((it) => it !== '')
  return {
    count: held.length,
    largest,
    currency,
    ...(failures.length > 0 ? { failures: failures.join(' ') } : {}),
    ...(cashiers.length > 0 ? { cashiers: cashiers.slice(0, 5).join(' ') } : {}),
  }
}
