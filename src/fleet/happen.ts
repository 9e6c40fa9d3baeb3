/** The words in which causes are written: what can happen to a merchant, at which date. */
import { addMonths, dateText, type Day } from './civil.ts'
import { authorisation, cardOf } from './cards.ts'
import { instantOf, say, type Plan } from './plan.ts'
import type { Body, Invoice } from './planned.ts'

/** Minutes of the local day at which the office works. */
const OFFICE = [550, 990] as const

/** Something at an office hour of a date. */
export function happens(plan: Plan, day: Day, body: Body, arriveMs?: number): void {
  say(plan, body, officeMs(plan, day), arriveMs)
}

export function officeMs({ place, rng }: Plan, day: Day): number {
  return instantOf(place, rng, day, rng.int(...OFFICE))
}

/** No trade from `from` to `to`, both included. */
export function close(plan: Plan, from: Day, to: Day): void {
  plan.closed.push([from, to])
}

/**
 * One sale in the middle of a date, so that it is certain that there was one. `arriveMs` makes it a
 * forwarded one.
 */
export function sellOnce(
  plan: Plan,
  day: Day,
  terminalId = 'T1',
  { arriveMs, flag }: { arriveMs?: number; flag?: 'owner' } = {},
): void {
  const number = plan.serial + 900_000
  const attempt = {
    transactionId: `tx-${plan.index}s${plan.serial}`,
    terminalId,
    amount: plan.median,
    card: cardOf(plan, number),
    code: '00',
    stan: String(number).slice(-6),
    rrn: `9${String(number).padStart(11, '0')}`,
    isQr: false,
    ...(arriveMs === undefined ? {} : { forwardedAt: plan.place.stamp(arriveMs) }),
  }
  const data = authorisation(plan, attempt)
  const body: Body = {
    type: 'card.authorisation',
    data: flag === undefined ? data : { ...data, cardFlag: flag },
  }
  say(plan, body, officeMs(plan, day), arriveMs)
}

/** One card refused, at these seconds after an office hour of the date. */
export function refuse(plan: Plan, day: Day, code: string, seconds: readonly number[]): void {
  const card = cardOf(plan, plan.serial + 700_000)
  const startMs = officeMs(plan, day)
  for (const second of seconds) {
    const number = plan.serial + 700_000
    const attempt = {
      transactionId: `tx-${plan.index}s${plan.serial}`,
      terminalId: 'T1',
      amount: plan.median,
      card,
      code,
      stan: String(number).slice(-6),
      rrn: `7${String(number).padStart(11, '0')}`,
      isQr: false,
    }
    const timeMs = startMs + second * 1_000
    const body: Body = { type: 'card.authorisation', data: authorisation(plan, attempt) }
    say(plan, body, timeMs, timeMs + plan.rng.int(200, 900))
  }
}

export type Bill = Readonly<{ invoiceId: string; amount: number; currency: string; due: Day }>

/** Issues an invoice three weeks before it is due. `major` is in yuan or what comes near it. */
export function invoice(
  plan: Plan,
  due: Day,
  major: number,
  more: Readonly<{ method?: Invoice['method']; suspendAt?: Day; feeType?: string }> = {},
): Bill {
  const { country, currency, exponent } = plan.country
  const amount = Math.round(major * (country === 'JP' ? 20 : 1)) * 10 ** exponent
  const invoiceId = `inv-${plan.index}s${plan.serial}`
  const data: Invoice = {
    invoiceId,
    feeType: more.feeType ?? 'terminal-rental',
    amount,
    currency,
    dueDate: dateText(due),
    method: more.method ?? 'transfer',
    ...(more.suspendAt === undefined ? {} : { suspendAt: dateText(more.suspendAt) }),
  }
  happens(plan, due - 21, { type: 'fee.invoiced', data })
  return { invoiceId, amount, currency, due }
}

/** Pays a share of the bill on a date; told on `toldOn`, where that is a later one. */
export function pay(plan: Plan, bill: Bill, day: Day, share = 1, toldOn?: Day): void {
  const { invoiceId, currency } = bill
  const amount = Math.round(bill.amount * share)
  const arriveMs = toldOn === undefined ? undefined : officeMs(plan, toldOn)
  const body: Body = {
    type: 'fee.payment.received',
    data: { invoiceId, amount, currency, method: 'transfer' },
  }
  happens(plan, day, body, arriveMs)
}

/** First stage of the re-verification clock of somebody whose last sale was on `last`. */
export function noticeDay(last: Day): Day {
  return addMonths(last, 3) - 30
}

/** The reason an account ends; nothing of it comes after that date. */
export function endOn(
  plan: Plan,
  day: Day,
  type: 'cancellation.completed' | 'account.deregistered',
): void {
  const effectiveAt = plan.place.stamp(plan.place.startMs(day))
  const data = type === 'account.deregistered' ? { effectiveAt } : { requestId: `cx-${plan.index}` }
  plan.lastDay = day - 1
  // A sale forwarded after the end would ask a question that has no answer.
  plan.isCalm = true
  happens(plan, day, { type, data })
}
