/** What people tell of an account: its terminals, its pauses, its end, and its invoices. */
import { HOUR_MS, plusDays, type Day } from './civil.ts'
import { DAY_MS, secondOf, type Plan } from './plan.ts'
import { addSale } from './plan-cards.ts'

/** When it happened, and mostly when it was told; some are told days later. */
export function tell(plan: Plan, type: string, day: Day, data: object): void {
  const { draw } = plan
  const lateMs = draw.percent(80) ? 0 : draw.whole(1, 20) * DAY_MS + draw.whole(0, 3600) * 1000
  plan.add(type, plan.on(day, secondOf(plan)), data, { lateMs })
}

/** One to three terminals that sell now and then, or never do. */
export function addTerminals(plan: Plan, days: number): void {
  const { draw } = plan
  const terminals = draw.whole(1, 3)
  for (let index = 1; index <= terminals; index += 1) {
    let terminalId = `T${index}`
    addDelivery(plan, terminalId)
    const fate = draw.whole(1, 100)
    if (fate <= 20) continue
    let day = plan.day(0, 30)
    const until = plusDays(plan.startOn, draw.percent(50) ? days : draw.whole(20, days))
    const replacedOn = draw.percent(15) ? plan.day(30, 200) : undefined
    while (day < until) {
      if (replacedOn !== undefined && day >= replacedOn && terminalId === `T${index}`) {
        terminalId = replaceTerminal(plan, terminalId, day)
      }
      addSale(plan, day, terminalId)
      const gaps = [draw.whole(0, 3), draw.whole(20, 40), draw.whole(55, 110)] as const
      day = plusDays(day, draw.one(gaps))
    }
    if (fate > 85) tell(plan, 'terminal.retired', plan.day(40, 220), { terminalId })
    addRolesAndHeartbeats(plan, `T${index}`, days)
  }
}

function addDelivery(plan: Plan, terminalId: string): void {
  const { draw } = plan
  const hardware = { terminalId, serialNo: `SN-${terminalId}` }
  const deliveredOn = plan.day(0, 40)
  if (draw.percent(70)) tell(plan, 'terminal.delivered', deliveredOn, hardware)
  if (draw.percent(15)) tell(plan, 'terminal.delivered', plan.day(1, 40, deliveredOn), hardware)
  const activation = draw.whole(-3, 60)
  const role = draw.percent(15) ? { role: draw.one(['primary', 'backup'] as const) } : {}
  if (draw.percent(50)) {
    const data = { ...hardware, ...role }
    tell(plan, 'terminal.activated', plusDays(deliveredOn, Math.max(activation, 0)), data)
  }
}

function replaceTerminal(plan: Plan, terminalId: string, day: Day): string {
  const newTerminalId = plan.draw.percent(60) ? `${terminalId}b` : undefined
  const serials = { oldSerialNo: `SN-${terminalId}`, newSerialNo: `SN-${terminalId}b` }
  const data = { terminalId, ...serials, ...(newTerminalId ? { newTerminalId } : {}) }
  plan.add('terminal.replaced', plan.on(day, 3600), data)
  return newTerminalId ?? terminalId
}

function addRolesAndHeartbeats(plan: Plan, terminalId: string, days: number): void {
  const { draw } = plan
  if (draw.percent(25)) {
    const backup = { terminalId, role: draw.one(['backup', 'training', 'test'] as const) }
    const day = plan.day(10, days)
    tell(plan, 'terminal.role-changed', day, backup)
    const primary = { terminalId, role: 'primary' }
    if (draw.percent(60)) tell(plan, 'terminal.role-changed', plan.day(1, 60, day), primary)
  }
  const heartbeats = draw.percent(40) ? draw.whole(1, 8) : 0
  for (let index = 0; index < heartbeats; index += 1) {
    const day = plan.day(20, days)
    const count = draw.one([0, 3, 7])
    const data = { terminalId, storedOfflineCount: count }
    plan.add('terminal.heartbeat', plan.on(day, secondOf(plan)), data)
    if (count > 0 && draw.percent(50)) {
      const later = plan.on(plan.day(1, 12, day), secondOf(plan))
      plan.add('terminal.heartbeat', later, { terminalId, storedOfflineCount: 0 })
    }
  }
}

/** Re-verifications, pauses, and the ways out. */
export function addMerchantFacts(plan: Plan, days: number): void {
  const { draw } = plan
  if (draw.percent(40)) {
    const day = plan.day(30, days)
    const asOf = draw.one([undefined, plusDays(day, -draw.whole(0, 40)), plusDays(day, 0)])
    const result = draw.percent(85) ? 'success' : 'fail'
    tell(plan, 'merchant.reverified', day, { result, ...(asOf === undefined ? {} : { asOf }) })
  }
  if (draw.percent(45)) addPause(plan, days)
  if (draw.percent(15)) addCancellation(plan, days)
  if (draw.percent(6)) {
    const day = plan.day(60, days)
    plan.add('account.deregistered', plan.on(day, secondOf(plan)), { effectiveAt: day })
  }
  if (draw.percent(15)) {
    const day = plan.day(20, days)
    tell(plan, 'account.suspended', day, { effectiveAt: day, reasonCategory: 'fees' })
  }
}

function addPause(plan: Plan, days: number): void {
  const { draw } = plan
  const from = plan.day(10, Math.max(20, days - 80))
  const length = draw.one([20, 59, 60, 61, 90, 150, 400] as const)
  const to = plusDays(from, length)
  const declaredOn = plusDays(from, -draw.whole(-5, 15))
  plan.add('merchant.pause.declared', plan.on(declaredOn, 4000), { from, to })
  const next = draw.whole(1, 4)
  if (next === 1) {
    const extended = { from: plusDays(to, draw.whole(-10, 1)), to: plusDays(to, draw.whole(5, 90)) }
    plan.add('merchant.pause.declared', plan.on(plusDays(from, 8), 4000), extended)
  }
  if (next === 2) {
    plan.add('merchant.pause.ended', plan.on(plan.day(5, length, from), secondOf(plan)), {})
  }
}

function addCancellation(plan: Plan, days: number): void {
  const { draw } = plan
  const request = { requestId: plan.name('cx') }
  const day = plan.day(40, days)
  plan.add('cancellation.requested', plan.on(day, secondOf(plan)), request)
  const end = draw.whole(1, 3)
  const later = plan.on(plan.day(1, 30, day), 3600 + draw.whole(0, 40_000))
  if (end === 1) plan.add('cancellation.withdrawn', later, request)
  if (end === 2) plan.add('cancellation.completed', later, request)
}

export function addInvoices(plan: Plan, days: number): void {
  const invoices = plan.draw.whole(1, 4)
  for (let index = 0; index < invoices; index += 1) addInvoice(plan, plan.day(10, days))
}

function addInvoice(plan: Plan, dueDate: Day): void {
  const { draw, currency } = plan
  const invoiceId = plan.name('inv')
  const amount = draw.one([50, 99, 100, 800, 999, 1000, 12_000, 12_000, 12_000] as const)
  const suspendAt = draw.percent(20) ? { suspendAt: plan.day(5, 45, dueDate) } : {}
  const method = draw.percent(40) ? { method: draw.one(['offset', 'debit'] as const) } : {}
  const common = { invoiceId, feeType: 'terminal-rental', currency }
  const invoicedOn = plusDays(dueDate, -draw.whole(-20, 40))
  const first = { ...common, amount, dueDate, ...suspendAt, ...method }
  tell(plan, 'fee.invoiced', invoicedOn, first)
  let lastDue = dueDate
  if (draw.percent(25)) {
    lastDue = draw.percent(25) ? dueDate : plan.day(-15, 30, dueDate)
    const again = { amount: draw.percent(60) ? amount : 2_600, dueDate: lastDue, ...method }
    tell(plan, 'fee.invoiced', plan.day(1, 50, invoicedOn), { ...common, ...again })
  }
  addDisputes(plan, invoiceId, lastDue)
  addPayments(plan, { invoiceId, amount, dueDate: lastDue })
}

function addDisputes(plan: Plan, invoiceId: string, dueDate: Day): void {
  const { draw } = plan
  if (!draw.percent(30)) return
  let day = plan.day(-15, 25, dueDate)
  const rounds = draw.whole(1, 2)
  for (let index = 0; index < rounds; index += 1) {
    const opened = draw.percent(50) ? {} : { status: 'open' }
    tell(plan, 'fee.disputed', day, { invoiceId, ...opened })
    day = plan.day(0, 14, day)
    const status = draw.one([undefined, 'rejected', 'rejected', 'accepted'] as const)
    if (status !== undefined) tell(plan, 'fee.disputed', day, { invoiceId, status })
    if (status !== 'rejected') return
    day = plan.day(1, 10, day)
  }
}

type Owed = Readonly<{ invoiceId: string; amount: number; dueDate: Day }>

function addPayments(plan: Plan, { invoiceId, amount, dueDate }: Owed): void {
  const { draw } = plan
  const payments = draw.whole(0, 3)
  const halves = amount >= 800 ? [Math.ceil(amount / 2), amount - 300] : [amount]
  for (let index = 0; index < payments; index += 1) {
    const timeMs = plan.on(plan.day(-12, 40, dueDate), secondOf(plan))
    // Booked with the value date: known days after it took effect.
    const lateMs = draw.percent(60) ? 1000 : draw.whole(1, 25 * 24) * HOUR_MS
    const part = draw.one([amount, amount, halves[0] ?? amount, halves[1] ?? amount])
    const currency = draw.percent(10) ? plan.otherCurrency : plan.currency
    const data = { invoiceId, amount: part, currency }
    plan.add('fee.payment.received', timeMs, data, { lateMs })
  }
  if (draw.percent(10)) tell(plan, 'fee.written-off', plan.day(-5, 50, dueDate), { invoiceId })
}
