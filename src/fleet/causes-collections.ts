/** Debits and offsets that fail. */
import type { Day } from './civil.ts'
import { happens, invoice, officeMs, pay, type Bill } from './happen.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const NEVER = ['fee-collection-failed']

/** Of two stories one after the other, the date on which the invoice of each is due. */
function dueDays({ plan, rng }: Story): readonly [Day, Day] {
  return [plan.boardDay + rng.int(40, 120), plan.boardDay + rng.int(190, 270)]
}

function debit(plan: Plan, due: Day): Bill {
  return invoice(plan, due, 120, { method: 'debit' })
}

function fails(plan: Plan, invoiceId: string, day: Day, toldOn?: Day): void {
  const arriveMs = toldOn === undefined ? undefined : officeMs(plan, toldOn)
  const data = { invoiceId, failureCode: plan.rng.pick(['R01', 'R09', 'insufficient-funds']) }
  happens(plan, day, { type: 'fee.collection.failed', data }, arriveMs)
}

function dispute(
  plan: Plan,
  invoiceId: string,
  day: Day,
  status: 'open' | 'accepted' | 'rejected',
) {
  happens(plan, day, { type: 'fee.disputed', data: { invoiceId, status } })
}

/** One is paid afterwards, of the other it is agreed that nothing is owed. */
function once(story: Story): void {
  const { plan, rng } = story
  const [first, second] = dueDays(story)
  const paid = debit(plan, first)
  fails(plan, paid.invoiceId, first)
  pay(plan, paid, first + rng.int(2, 20))
  const { invoiceId } = invoice(plan, second, 90, { method: 'offset' })
  fails(plan, invoiceId, second)
  dispute(plan, invoiceId, second + 1, 'open')
  dispute(plan, invoiceId, second + rng.int(8, 25), 'accepted')
}

/** The invoice of the other is not known here. */
function again(story: Story): void {
  const { plan, rng } = story
  const [first, second] = dueDays(story)
  const paid = debit(plan, first)
  for (const later of [0, 2, 5]) fails(plan, paid.invoiceId, first + later)
  pay(plan, paid, first + rng.int(7, 20))
  const invoiceId = `inv-${plan.index}u`
  for (const later of [0, 3]) fails(plan, invoiceId, second + later)
  const data = { invoiceId }
  happens(plan, second + rng.int(6, 40), { type: 'fee.written-off', data })
}

/** The second failure comes while the first one's dispute is open. */
function disputed(story: Story): void {
  const { plan, rng } = story
  const [due] = dueDays(story)
  const { invoiceId } = debit(plan, due)
  fails(plan, invoiceId, due)
  dispute(plan, invoiceId, due + 1, 'open')
  fails(plan, invoiceId, due + 3)
  dispute(plan, invoiceId, due + rng.int(5, 25), 'rejected')
  const data = { invoiceId }
  happens(plan, due + rng.int(30, 60), { type: 'fee.written-off', data })
}

/** It was paid before the failure that was told last. */
function paidBefore(story: Story): void {
  const { plan, rng } = story
  const [first, second] = dueDays(story)
  const early = debit(plan, first)
  fails(plan, early.invoiceId, first)
  pay(plan, early, first - rng.int(1, 15), 1, first + rng.int(2, 12))
  const between = debit(plan, second)
  for (const later of [0, 3]) fails(plan, between.invoiceId, second + later)
  pay(plan, between, second + 1, 1, second + rng.int(4, 12))
}

function afterPayment(story: Story): void {
  const { plan, rng } = story
  const [first, second] = dueDays(story)
  const early = debit(plan, first)
  pay(plan, early, first - rng.int(9, 15))
  for (const later of [0, 3]) fails(plan, early.invoiceId, first + later)
  const late = debit(plan, second)
  pay(plan, late, second + 2)
  fails(plan, late.invoiceId, second, second + rng.int(4, 9))
}

export const COLLECTED = [
  cause('3 a debit failed, then paid or disputed', once),
  cause('3 debits failed again and again', again),
  cause('3 debits failed while disputed', disputed),
  cause('3 a debit failed after a payment told late', paidBefore),
  cause('near-miss: a debit failed of what was paid', afterPayment, { never: NEVER }),
]
