/** The daily life of one merchant: sales, declines, slips, batches, payouts, heartbeats. */
import type { Day } from './civil.ts'
import { regularsOf } from './cards.ts'
import { isHoliday, isSpringFestival } from './holidays.ts'
import { instantOf, isWithin, type Plan, type TerminalPlan } from './plan.ts'
import type { Planned } from './planned.ts'
import type { Rng } from './random.ts'
import { settle } from './settlement.ts'
import { trade } from './selling.ts'
import { emit, type Trading } from './shift.ts'

/** Call once for each date in turn; `day` is the local date on which the shop opens. */
export function createTrading(plan: Plan, rng: Rng): (day: Day) => Planned[] {
  const script = plan.script.toSorted((a, b) => a.arriveMs - b.arriveMs)
  const trading: Trading = {
    plan,
    rng,
    out: [],
    day: 0,
    serial: 0,
    scriptAt: 0,
    cards: regularsOf(plan),
    counts: new Map(),
    sums: new Map(),
    till: { batches: [], gross: 0 },
  }
  return (day) => {
    trading.out = []
    trading.day = day
    trading.serial = 0
    const untilMs = plan.place.startMs(day + 1)
    for (; trading.scriptAt < script.length; trading.scriptAt++) {
      if (script[trading.scriptAt]!.arriveMs >= untilMs) break
      trading.out.push(script[trading.scriptAt]!)
    }
    if (day > plan.boardDay && day <= plan.lastDay) live(trading)
    return trading.out
  }
}

function live(trading: Trading): void {
  const { plan, day } = trading
  const terminals = plan.terminals.filter(
    ({ share, sells, silent }) => share > 0 && isWithin([sells], day) && !isWithin(silent, day),
  )
  const sales = terminals.length > 0 && isOpen(plan, day) ? trade(trading, terminals) : []
  trading.counts.set(day, sales.length)
  trading.sums.set(
    day,
    sales.reduce((sum, { amount }) => sum + amount, 0),
  )
  settle(trading, sales)
  for (const terminal of plan.terminals) beat(trading, terminal)
}

function isOpen({ closed, country, isOpenOnHolidays, springDays }: Plan, day: Day): boolean {
  if (isWithin(closed, day)) return false
  if (country.country === 'CN' && isSpringFestival(day, springDays)) return false
  return isOpenOnHolidays || !isHoliday(country.country, day)
}

function beat(trading: Trading, { terminalId, serialNo, beatMinute, sells }: TerminalPlan): void {
  const { plan, rng, day } = trading
  if (beatMinute === undefined || day < sells[0] || day > sells[1]) return
  const data = {
    terminalId,
    serialNo,
    intervalS: 86_400,
    battery: rng.int(35, 100),
    network: '4g',
    signal: -rng.int(55, 95),
    storedOfflineCount: 0,
  }
  emit(trading, { type: 'terminal.heartbeat', data }, instantOf(plan.place, rng, day, beatMinute))
}
