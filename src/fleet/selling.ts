/** What customers do at the till. */
import { takeBack } from './aftermath.ts'
import { authorisation, cardOf, regularsOf, type Attempt, type Card } from './cards.ts'
import { weekdayOf } from './civil.ts'
import type { TerminalPlan } from './plan.ts'
import type { Body } from './planned.ts'
import { isUsual, surgeOf } from './surge.ts'
import { emit, type Sale, type Trading } from './shift.ts'

const DECLINE_CODES = ['51', '51', '51', '51', '55', '55', '54', '14', '05', '61', '91'] as const

/** The customers of one day, those sent away included. */
export function trade(trading: Trading, terminals: readonly TerminalPlan[]): Sale[] {
  const { plan, rng } = trading
  const amounts = surgeOf(trading) ?? amountsOf(trading)
  const times = amounts.map(() => saleTime(trading)).sort((a, b) => a - b)
  const isQuiet = !plan.isCalm && amounts.length >= 3 && isUsual(trading, amounts)
  const isOffline = isQuiet && rng.chance(0.02)
  const offlineMs = (times.at(-1) ?? 0) + rng.int(2, 20) * 3_600_000
  const sales = times.map((timeMs, at) => {
    if (rng.chance(0.03)) decline(trading, terminals, timeMs - rng.int(20_000, 70_000))
    const forwardedMs = isOffline && at >= times.length - 3 ? offlineMs : undefined
    return sell(trading, terminalFor(trading, terminals), timeMs, amounts[at]!, forwardedMs)
  })
  if (isQuiet) takeBack(trading, sales)
  return sales
}

/** As many as come on such a weekday, and never a crowd. */
function amountsOf(trading: Trading): number[] {
  const { plan, rng, day } = trading
  const mean = plan.mean * plan.trade.week[weekdayOf(day)]!
  const count = Math.min(rng.poisson(mean), Math.ceil(mean * 1.5))
  return Array.from({ length: count }, () => amountOf(trading))
}

function saleTime({ plan, rng, day }: Trading): number {
  const { opens, closes, peaks } = plan.trade
  const wish = rng.chance(0.65)
    ? rng.pick(peaks) + 55 * rng.normal()
    : opens + rng.next() * (closes - opens)
  const minute = Math.max(opens + 2, Math.min(closes - 4, wish))
  return plan.place.startMs(day) + Math.floor(minute * 60) * 1000 + rng.int(0, 999)
}

/** Lognormal, within a factor of four of the median, in steps of a price. */
function amountOf({ plan, rng }: Trading): number {
  const { step } = plan.country
  const spread = Math.max(-1.3, Math.min(1.3, plan.trade.spread * rng.normal()))
  return Math.max(step, Math.round((plan.median * Math.exp(spread)) / step) * step)
}

function terminalFor({ rng }: Trading, terminals: readonly TerminalPlan[]): string {
  if (terminals.length === 1) return terminals[0]!.terminalId
  let left = rng.next() * terminals.reduce((sum, { share }) => sum + share, 0)
  for (const { terminalId, share } of terminals) if ((left -= share) < 0) return terminalId
  return terminals[0]!.terminalId
}

function sell(
  trading: Trading,
  terminalId: string,
  timeMs: number,
  amount: number,
  forwardedMs?: number,
): Sale {
  const { plan, rng } = trading
  const card = nextCard(trading)
  const isQr = plan.country.country === 'CN' && rng.chance(plan.trade.qr)
  // One in two hundred is held up for minutes: what follows it overtakes it.
  const delayMs = rng.chance(0.005) ? rng.int(20_000, 900_000) : rng.int(150, 2_500)
  const arriveMs = forwardedMs === undefined ? timeMs + delayMs : forwardedMs + rng.int(0, 5_000)
  const attempt: Attempt = { ...traces(trading), terminalId, amount, card, code: '00', isQr }
  const late = forwardedMs === undefined ? {} : { forwardedAt: plan.place.stamp(forwardedMs) }
  const body: Body = {
    type: 'card.authorisation',
    data: authorisation(plan, { ...attempt, ...late }),
  }
  emit(trading, body, timeMs, arriveMs)
  if (forwardedMs === undefined && rng.chance(0.002)) {
    trading.out.push({ ...trading.out.at(-1)!, arriveMs: arriveMs + rng.int(1_000, 9_000_000) })
  }
  return { timeMs, arriveMs, terminalId, transactionId: attempt.transactionId, amount, card }
}

/** A card refused once, or twice by the same customer; never a third time. */
function decline(trading: Trading, terminals: readonly TerminalPlan[], timeMs: number): void {
  const { plan, rng } = trading
  const card = cardOf(plan, ++trading.cards)
  const terminalId = terminalFor(trading, terminals)
  const amount = amountOf(trading)
  const code = rng.pick(DECLINE_CODES)
  for (let tries = rng.chance(0.3) ? 2 : 1, at = 0; at < tries; at++) {
    const attempt = { ...traces(trading), terminalId, amount, card, code, isQr: false }
    const body: Body = { type: 'card.authorisation', data: authorisation(plan, attempt) }
    emit(trading, body, timeMs + at * 9_000)
  }
}

function nextCard(trading: Trading): Card {
  const { plan, rng } = trading
  const isRegular = rng.chance(0.35)
  return cardOf(plan, isRegular ? rng.int(0, regularsOf(plan)) : ++trading.cards)
}

/** Numbers of a transaction, each once in the life of a terminal. */
function traces({ plan, day, serial }: Trading) {
  const number = String(serial).padStart(6, '0')
  const rrn = `${String(day % 100_000).padStart(5, '0')}0${number}`
  return { transactionId: `tx-${plan.index}d${day}n${serial}`, stan: number, rrn }
}
