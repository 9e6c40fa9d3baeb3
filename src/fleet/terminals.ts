/** Terminals of a merchant: delivered, activated, silent, gone. */
import type { Day } from './civil.ts'
import { FOREVER, instantOf, say, type Plan, type TerminalPlan } from './plan.ts'
import type { Rng } from './random.ts'

export function terminalPlan(number: number, sellsFrom: Day, rng: Rng): TerminalPlan {
  return {
    terminalId: `T${number}`,
    serialNo: `SN-${rng.int(100_000, 999_999)}-${number}`,
    share: number === 1 ? 3 : 2,
    sells: [sellsFrom, FOREVER],
    silent: [],
    beatMinute: rng.chance(0.6) ? rng.int(20, 1_400) : undefined,
  }
}

/** A second till, delivered and in use from the first day on. */
export function addTill(plan: Plan): TerminalPlan {
  const till = terminalPlan(plan.terminals.length + 1, plan.boardDay + 1, plan.rng)
  plan.terminals.push(till)
  deliver(plan, till, plan.boardDay, plan.boardDay)
  return till
}

/** Delivered on one date and activated on another, or never. */
export function deliver(
  plan: Plan,
  { terminalId, serialNo }: TerminalPlan,
  delivered: Day,
  activated: Day | undefined,
  role: 'primary' | 'backup' | 'training' = 'primary',
): void {
  const { place, rng } = plan
  const data = { terminalId, serialNo, model: 'X1', role, mobility: 'fixed' }
  say(plan, { type: 'terminal.delivered', data }, instantOf(place, rng, delivered, 610))
  if (activated === undefined) return
  say(plan, { type: 'terminal.activated', data }, instantOf(place, rng, activated, 900))
}
