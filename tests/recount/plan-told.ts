/** What others tell of the money and the papers of an account. */
import { HOUR_MS, plusDays, type Day } from './civil.ts'
import { DAY_MS, MINUTE_MS, secondOf, type Plan } from './plan.ts'

type Told = Readonly<{ type: string; day: Day; data: object; second?: number }>

/** Mostly told at once; some hours or weeks later, some by a clock that is ahead. */
function tell(plan: Plan, { type, day, data, second = secondOf(plan) }: Told): void {
  const { draw } = plan
  const sort = draw.whole(1, 100)
  let lateMs = 0
  if (sort > 70) lateMs = draw.whole(1, 40) * HOUR_MS
  if (sort > 80) lateMs = draw.whole(2, 25) * DAY_MS + draw.whole(0, 3600) * 1000
  if (sort > 96) lateMs = -draw.one([MINUTE_MS, 5 * MINUTE_MS, 6 * MINUTE_MS])
  plan.add(type, plan.on(day, second), data, { lateMs })
}

/** Balances around the trifle, out of order, some in other money. */
export function addBalances(plan: Plan, days: number): void {
  const { draw } = plan
  const runs = draw.whole(1, 3)
  for (let run = 0; run < runs; run += 1) {
    let day = plan.day(3, days - 20)
    const balances = draw.whole(2, 8)
    for (let index = 0; index < balances; index += 1) {
      const balance = draw.one([-50_000, -2_000, -101, -101, -100, -50, -1, 0, 1, 40_000])
      const currency = draw.percent(12) ? plan.otherCurrency : plan.currency
      tell(plan, { type: 'balance.negative', day, data: { balance, currency } })
      day = plusDays(day, draw.one([0, 0, 1, 2, 6, 7, 20, 32]))
    }
  }
}

/** Debits that fail, of invoices that are open, paid, disputed, or that nobody ever sent. */
export function addCollections(plan: Plan, days: number): void {
  const { draw } = plan
  const invoices = draw.whole(1, 4)
  for (let index = 0; index < invoices; index += 1) {
    const invoiceId = plan.name('inv')
    const dueDate = plan.day(20, Math.max(21, days - 30))
    const amount = draw.one([90, 900, 12_000])
    const bill = { invoiceId, feeType: 'sim-data', amount, currency: plan.currency, dueDate }
    const day = plan.day(-20, 2, dueDate)
    if (draw.percent(75)) tell(plan, { type: 'fee.invoiced', day, data: bill })
    const failures = draw.whole(1, 3)
    for (let failure = 0; failure < failures; failure += 1) {
      const data = { invoiceId, failureCode: 'R01' }
      tell(plan, { type: 'fee.collection.failed', day: plan.day(-12, 20, dueDate), data })
    }
    addAnswers(plan, bill)
  }
}

type Bill = Readonly<{ invoiceId: string; amount: number; currency: string; dueDate: Day }>

function addAnswers(plan: Plan, { invoiceId, amount, currency, dueDate }: Bill): void {
  const { draw } = plan
  const on = () => plan.day(-12, 35, dueDate)
  if (draw.percent(70)) {
    const money = { amount: draw.one([amount, amount, Math.ceil(amount / 2)]), currency }
    tell(plan, { type: 'fee.payment.received', day: on(), data: { invoiceId, ...money } })
  }
  if (draw.percent(30)) {
    const day = on()
    tell(plan, { type: 'fee.disputed', day, data: { invoiceId } })
    const status = draw.one([undefined, 'rejected', 'accepted'] as const)
    const later = plan.day(0, 15, day)
    if (status !== undefined) {
      tell(plan, { type: 'fee.disputed', day: later, data: { invoiceId, status } })
    }
  }
  if (draw.percent(15)) tell(plan, { type: 'fee.written-off', day: on(), data: { invoiceId } })
}

/** Payouts to a few accounts, some of which send the money back; some are told of weeks later. */
export function addPayouts(plan: Plan, days: number): void {
  const { draw } = plan
  const refs = [plan.name('sa'), plan.name('sa:%')] as const
  let day = plan.day(5, 30)
  while (day < plusDays(plan.startOn, days)) {
    addPayout(plan, day, draw.one([refs[0], refs[0], refs[1], undefined]))
    day = plusDays(day, draw.one([0, 1, 5, 14, 29, 30, 31]))
  }
}

function addPayout(plan: Plan, day: Day, ref: string | undefined): void {
  const { draw } = plan
  const payoutId = plan.name('po')
  const accountRef = ref === undefined ? {} : { accountRef: ref }
  const sent = { payoutId, net: 200_000, currency: plan.currency }
  const named = () => (draw.percent(60) ? accountRef : {})
  const type = 'payout.scheduled'
  if (draw.percent(60)) tell(plan, { type, day, data: { ...sent, ...named() } })
  const fate = draw.whole(1, 100)
  const isFailed = fate <= 25
  const isReturned = fate > 18 && fate <= 65
  const failure = () => ({ payoutId, returnCode: 'AC04', ...named() })
  if (isFailed) tell(plan, { type: 'payout.failed', day, data: failure() })
  if (!isFailed || draw.percent(10)) {
    tell(plan, { type: 'payout.completed', day, data: { ...sent, ...named() } })
  }
  const later = plan.day(0, 6, day)
  if (isReturned) tell(plan, { type: 'payout.returned', day: later, data: failure() })
}

const KINDS = ['business-licence', 'legal-rep-id'] as const

/** Papers that run out, are uploaded again, wait for an answer, and replace each other. */
export function addDocuments(plan: Plan, days: number): void {
  const { draw } = plan
  const documents = draw.whole(1, 4)
  for (let index = 0; index < documents; index += 1) {
    const document = { documentId: plan.name('doc'), docType: draw.one(KINDS) }
    let day = plan.day(0, Math.floor(days / 2))
    let validTo = plan.day(10, 150, day)
    addVersion(plan, { day, document, validTo })
    const words = draw.whole(0, 4)
    for (let word = 0; word < words; word += 1) {
      day = plusDays(day, draw.one([0, 1, 15, 29, 30, 31, 50]))
      if (draw.percent(40)) validTo = plan.day(-10, 120, validTo)
      addWord(plan, { day, document, validTo })
    }
  }
}

type Paper = Readonly<{ day: Day; document: object; validTo: Day }>

function addVersion(plan: Plan, { day, document, validTo }: Paper): void {
  const { draw } = plan
  const status = draw.percent(50) ? { status: 'valid' } : {}
  const sort = draw.whole(1, 100)
  const until = sort <= 80 ? { validTo } : sort <= 90 ? { longTerm: true } : {}
  tell(plan, { type: 'kyc.document.updated', day, data: { ...document, ...status, ...until } })
}

function addWord(plan: Plan, paper: Paper): void {
  const { draw } = plan
  const { day, document, validTo } = paper
  const sort = draw.whole(1, 100)
  if (sort <= 30) return addVersion(plan, paper)
  if (sort <= 65) {
    const until = draw.percent(50) ? { validTo: plusDays(validTo, 365) } : {}
    const data = { ...document, ...until, status: 'pending' }
    return tell(plan, { type: 'kyc.document.updated', day, data })
  }
  if (sort <= 85) return tell(plan, { type: 'kyc.document.rejected', day, data: { ...document } })
  const until = draw.percent(80) ? { validTo } : {}
  tell(plan, { type: 'kyc.document.expiring', day, data: { ...document, ...until } })
}
