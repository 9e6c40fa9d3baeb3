/** Accounts that end. */
import { close, endOn, happens, invoice, noticeDay, sellOnce } from './happen.ts'
import type { Plan } from './plan.ts'
import { cause, type Story } from './story.ts'

function request(plan: Plan, day: number): void {
  const data = { requestId: `cx-${plan.index}`, actor: 'merchant' }
  happens(plan, day, { type: 'cancellation.requested', data })
}

/** Asked for while the inactivity warning is open. */
function idleCancels({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const day = noticeDay(last) + rng.pick([5, 20, 28, 40])
  sellOnce(plan, last)
  close(plan, last, day + 400)
  request(plan, day)
  endOn(plan, day + rng.int(3, 12), 'cancellation.completed')
}

/** A cancelled account is silent for good reason. */
function busyCancels({ plan, rng }: Story): void {
  const day = plan.boardDay + rng.int(60, 150)
  close(plan, day, day + 400)
  request(plan, day)
  endOn(plan, day + rng.int(3, 12), 'cancellation.completed')
}

function withdraws({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const day = noticeDay(last) + rng.int(3, 12)
  const back = day + rng.int(45, 70)
  sellOnce(plan, last)
  close(plan, last, back - 1)
  sellOnce(plan, back)
  request(plan, day)
  const data = { requestId: `cx-${plan.index}` }
  happens(plan, day + rng.int(8, 30), { type: 'cancellation.withdrawn', data })
}

function deregisteredInDebt({ plan, rng }: Story): void {
  const due = plan.boardDay + rng.int(60, 180)
  invoice(plan, due, 240)
  endOn(plan, due + rng.int(33, 60), 'account.deregistered')
}

export const CLOSING = [
  cause('24 cancelled while idle', idleCancels),
  cause('24 cancelled', busyCancels, { never: ['merchant-inactivity', 'terminal-inactivity'] }),
  cause('24 a cancellation withdrawn', withdraws),
  cause('3 deregistered in debt', deregisteredInDebt),
]
