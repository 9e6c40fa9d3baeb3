/** Codes by which the network refuses an account, with all that makes them count or not. */
import { HOUR_MS, type Day } from './civil.ts'
import { MINUTE_MS, type Plan } from './plan.ts'
import { addAttempt } from './plan-cards.ts'

const FRESH_MS = 24 * HOUR_MS

/** A few terminals, one of them activated or swapped in just before. */
export function addRefusals(plan: Plan, day: Day): void {
  const { draw } = plan
  const startMs = plan.on(day, draw.percent(25) ? -draw.whole(0, 1500) : draw.whole(30_000, 70_000))
  const terminalId = draw.one(['T1', 'T1', 'T2', 'T3'])
  if (draw.percent(35)) addFresh(plan, terminalId, startMs)
  let timeMs = startMs
  const attempts = draw.whole(3, 12)
  for (let index = 0; index < attempts; index += 1) {
    addRefusal(plan, timeMs, terminalId)
    timeMs += draw.one([20_000, 5 * MINUTE_MS, 14 * MINUTE_MS, 29 * MINUTE_MS, 30 * MINUTE_MS])
    timeMs += draw.one([0, 0, 1000])
  }
}

/** A burst known late, and later still an approval from the minutes around. */
export function addDoubtful(plan: Plan, day: Day): void {
  const { draw } = plan
  const startMs = plan.on(day, draw.whole(30_000, 70_000))
  const lateMs = draw.whole(1, 50) * MINUTE_MS
  for (const [index, issuerId] of ['I1', 'I2'].entries()) {
    const data = { cardToken: `h1:${issuerId}`, issuerId, approved: false, responseCode: '97' }
    addAttempt(plan, { timeMs: startMs + index * MINUTE_MS, lateMs, data })
  }
  const completesMs = startMs + MINUTE_MS
  const toldMs = completesMs + lateMs
  const approvedMs = draw.one([completesMs, completesMs + 1000, toldMs - 1000, toldMs])
  addAttempt(plan, { timeMs: approvedMs, lateMs: draw.whole(55, 90) * MINUTE_MS })
}

function addFresh(plan: Plan, terminalId: string, startMs: number): void {
  const { draw } = plan
  const before = draw.one([HOUR_MS, FRESH_MS - 60_000, FRESH_MS, FRESH_MS + 1000, 2 * FRESH_MS])
  const data = { terminalId, serialNo: `SN-${terminalId}` }
  const timing = { lateMs: draw.percent(85) ? 0 : draw.whole(1, 30) * HOUR_MS }
  if (draw.percent(75)) return plan.add('terminal.activated', startMs - before, data, timing)
  const old = `${terminalId}-old`
  plan.add('terminal.activated', startMs - before, { ...data, terminalId: old })
  const serials = { oldSerialNo: `SN-${terminalId}`, newSerialNo: `SN-${terminalId}n` }
  const swap = { terminalId: old, newTerminalId: terminalId, ...serials }
  plan.add('terminal.replaced', startMs - before + 600_000, swap)
}

function addRefusal(plan: Plan, timeMs: number, terminalId: string): void {
  const { draw } = plan
  const sort = draw.whole(1, 100)
  const card = draw.percent(90) ? { cardToken: draw.one(['h1:a', 'h1:b', 'h1:c']) } : {}
  const issuer = draw.percent(90) ? { issuerId: draw.one(['I1', 'I1', 'I2', 'I3']) } : {}
  const lateMs = draw.percent(70) ? 1000 : draw.whole(1, 100) * MINUTE_MS
  const named = { cardToken: undefined, ...card, ...issuer }
  if (sort <= 68) {
    const data = { ...named, approved: false, responseCode: draw.one(['03', '58', '97']) }
    addAttempt(plan, { timeMs, lateMs, terminalId, data })
  } else if (sort <= 76) {
    const data = { ...named, approved: false, responseCode: draw.one(['51', '00']) }
    addAttempt(plan, { timeMs, lateMs, terminalId, data })
  } else addApproval(plan, timeMs, terminalId)
}

/** Online or forwarded, a sale or only a hold; at times known long after. */
function addApproval(plan: Plan, timeMs: number, terminalId: string): void {
  const { draw } = plan
  const offline = draw.percent(35) ? { offline: draw.percent(60) } : {}
  const code = draw.percent(25) ? { processingCode: '030000' } : {}
  const span = draw.one([1, 60, 120, 50 * 60])
  const lateMs = draw.percent(50) ? 1000 : draw.whole(1, span) * MINUTE_MS
  // Approved decides, whatever the code says.
  const responseCode = draw.percent(90) ? '00' : '97'
  const data = { issuerId: 'I1', responseCode, ...offline, ...code }
  addAttempt(plan, { timeMs, lateMs, terminalId, data })
}
