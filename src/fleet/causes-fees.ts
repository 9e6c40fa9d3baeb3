/** Invoices that are not simply paid. */
import { happens, invoice, pay, type Bill } from './happen.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

const SUM = 120

function someDay({ plan, rng }: Story): number {
  return plan.boardDay + rng.int(40, 230)
}

function bill(story: Story, sum = SUM): Bill {
  return invoice(story.plan, someDay(story), sum)
}

function reminded(story: Story): void {
  const one = bill(story)
  pay(story.plan, one, one.due - story.rng.int(1, 6))
}

function onDueDate(story: Story): void {
  const one = bill(story)
  pay(story.plan, one, one.due)
}

/** Paid after each of the stages, one range each. */
function late(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  const [min, max] = rng.pick([
    [2, 7],
    [9, 14],
    [16, 29],
    [34, 70],
  ] as const)
  const paid = one.due + rng.int(min, max)
  pay(plan, one, paid)
  if (min < 34) return
  suspend(plan, one.due + 32)
  happens(plan, paid + 1, { type: 'account.reinstated', data: effective(plan, paid + 1) })
}

function suspend(plan: Plan, day: number): void {
  const data = { ...effective(plan, day), reasonCategory: 'fees', authority: 'operator' }
  happens(plan, day, { type: 'account.suspended', data })
}

function effective(plan: Plan, day: number) {
  return { effectiveAt: plan.place.stamp(plan.place.startMs(day)) }
}

function inTwoParts(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  pay(plan, one, one.due + rng.int(2, 13), 0.5)
  pay(plan, one, one.due + rng.int(16, 45), 0.5)
}

/** What is left is too little to climb for. */
function allButALittle(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  pay(plan, one, one.due + rng.int(2, 13), 0.95)
  pay(plan, one, one.due + rng.int(40, 70), 0.05)
}

function small(story: Story): void {
  const one = bill(story, 8)
  pay(story.plan, one, one.due + story.rng.int(20, 60))
}

function dispute(
  plan: Plan,
  { invoiceId }: Bill,
  day: number,
  status: 'open' | 'accepted' | 'rejected',
) {
  happens(plan, day, { type: 'fee.disputed', data: { invoiceId, status } })
}

function rejected(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  const day = one.due + rng.pick([rng.int(2, 6), rng.int(9, 13)])
  const over = day + rng.int(4, 20)
  dispute(plan, one, day, 'open')
  dispute(plan, one, over, 'rejected')
  pay(plan, one, over + rng.int(3, 45))
}

function accepted(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  const day = one.due + rng.pick([rng.int(2, 6), rng.int(9, 13)])
  dispute(plan, one, day, 'open')
  dispute(plan, one, day + rng.int(10, 30), 'accepted')
}

function disputedEarly(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  dispute(plan, one, one.due - rng.int(9, 15), 'open')
  dispute(plan, one, one.due + rng.int(5, 40), 'accepted')
}

function offset(story: Story): void {
  const { plan, rng } = story
  const one = invoice(plan, someDay(story), SUM, { method: 'offset' })
  pay(plan, one, one.due + rng.int(2, 40))
}

/** Paid in time, but told only after warnings that this proves wrong. */
function backDated(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  pay(plan, one, one.due - rng.int(0, 5), 1, one.due + rng.pick([3, 10, 18, 33]))
}

/** Paid before the stage told last, though after the one before. */
function backDatedBetween(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  pay(plan, one, one.due + rng.int(2, 6), 1, one.due + rng.int(9, 13))
}

function backDatedSoon(story: Story): void {
  const { plan, rng } = story
  const one = bill(story)
  pay(plan, one, one.due - rng.int(9, 15), 1, one.due - rng.int(1, 5))
}

function suspensionNamed(story: Story): void {
  const { plan, rng } = story
  const due = someDay(story)
  const one = invoice(plan, due, SUM, { suspendAt: due + rng.int(10, 13) })
  pay(plan, one, due + rng.int(16, 30))
}

function writtenOff(story: Story): void {
  const { plan, rng } = story
  const { invoiceId, due } = bill(story)
  happens(plan, due + rng.int(9, 40), { type: 'fee.written-off', data: { invoiceId } })
}

export const OWING = [
  cause('3 paid after a reminder', reminded, { share: 2, never: ['fee-overdue'] }),
  cause('3 paid late', late, { share: 5 }),
  cause('3 paid late in two parts', inTwoParts, { share: 2 }),
  cause('3 all but a little paid late', allButALittle),
  cause('3 a small sum unpaid', small),
  cause('3 disputed in vain', rejected, { share: 2 }),
  cause('3 disputed with success', accepted),
  cause('3 offset failed', offset, { never: ['fee-due-soon'] }),
  cause('3 paid in time, told late', backDated, { share: 2 }),
  cause('3 paid between two stages, told late', backDatedBetween),
  cause('3 paid before the reminder, told late', backDatedSoon, { never: ['fee-overdue'] }),
  cause('3 a date of suspension named', suspensionNamed),
  cause('3 written off', writtenOff),
  cause('near-miss: paid on the due date', onDueDate, { share: 2, never: ['fee-overdue'] }),
  cause('near-miss: disputed early', disputedEarly, { never: ['fee-overdue', 'fee-due-soon'] }),
]
