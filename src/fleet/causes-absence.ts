/** Tills and shops that fall silent, or never speak. */
import type { Day } from './civil.ts'
import { close, happens, noticeDay, officeMs, sellOnce } from './happen.ts'
import { endOn } from './happen.ts'
import { FOREVER, say, type Plan } from './plan.ts'
import type { Rng } from './random.ts'
import { cause, type Story } from './story.ts'
import { addTill, deliver, terminalPlan } from './terminals.ts'

/** Days after the last sale, one range before each stage and one after the last. */
const RETURNS = [
  [64, 72],
  [79, 84],
  [88, 89],
  [95, 140],
] as const

function returnAfter(rng: Rng): number {
  const [min, max] = rng.pick(RETURNS)
  return rng.int(min, max)
}

/** A second till whose last sale is on a date, and that date. */
function quietTill({ plan, rng }: Story, until: Day = FOREVER): Day {
  const till = addTill(plan)
  const last = plan.boardDay + rng.int(30, 90)
  till.silent.push([last, until])
  sellOnce(plan, last, 'T2')
  return last
}

/** The whole shop has its last sale at noon of a date, for some sell after midnight. */
function quietShop(plan: Plan, last: Day, back: Day = FOREVER): Day {
  sellOnce(plan, last)
  close(plan, last, back - 1)
  if (back < FOREVER) sellOnce(plan, back)
  return last
}

function tillReturns(story: Story): void {
  const { plan, rng } = story
  const till = addTill(plan)
  const last = plan.boardDay + rng.int(30, 90)
  const back = last + returnAfter(rng)
  sellOnce(plan, last, 'T2')
  till.silent.push([last, back - 1])
  sellOnce(plan, back, 'T2')
}

function tillBecomesBackup(story: Story): void {
  const day = quietTill(story) + story.rng.int(63, 110)
  const data = { terminalId: 'T2', role: 'backup' } as const
  happens(story.plan, day, { type: 'terminal.role-changed', data })
}

function tillRetires(story: Story): void {
  const { plan, rng } = story
  const day = quietTill(story) + rng.int(63, 110)
  happens(plan, day, { type: 'terminal.retired', data: { terminalId: 'T2' } })
  const till = plan.terminals[1]!
  till.sells = [till.sells[0], day - 1]
}

/** The gap keeps the stages of the till and of the shop on different dates. */
function tillThenShop(story: Story): void {
  const last = quietTill(story) + story.rng.int(45, 75)
  quietShop(story.plan, last, last + returnAfter(story.rng))
}

function season({ plan, rng }: Story): void {
  if (rng.chance(0.3)) addTill(plan)
  const last = plan.boardDay + rng.int(40, 120)
  quietShop(plan, last, last + returnAfter(rng))
}

function reverified({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const day = last + rng.pick([66, 81, 88, 100])
  quietShop(plan, last, day + rng.int(20, 110))
  const failed = { result: 'fail', failReason: 'MATERIALS_ABNORMAL' } as const
  happens(plan, day - 3, { type: 'merchant.reverified', data: failed })
  happens(plan, day, { type: 'merchant.reverified', data: { result: 'success' } })
}

function neverReturns({ plan, rng, endDay }: Story): void {
  const last = quietShop(plan, plan.boardDay + rng.int(20, 45))
  const day = last + rng.int(312, 345)
  if (rng.chance(0.5) && day < endDay) endOn(plan, day, 'account.deregistered')
}

function ownerSwipes({ plan, rng, endDay }: Story): void {
  const last = quietShop(plan, plan.boardDay + rng.int(40, 90))
  for (let day = last + 25; day < endDay; day += 28) sellOnce(plan, day, 'T1', { flag: 'owner' })
}

/** A sale of the quiet weeks is forwarded only after warnings that it proves wrong. */
function forwardedLate({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const sold = last + rng.int(20, 50)
  const told = noticeDay(last) + rng.pick([3, 19, 28])
  quietShop(plan, last, sold + rng.int(70, 130))
  sellOnce(plan, sold, 'T1', { arriveMs: officeMs(plan, told) })
}

/** A forwarded sale that happened after the notice: the notice was true. */
function forwardedSoon({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const sold = noticeDay(last) + rng.int(3, 9)
  quietShop(plan, last, sold + rng.int(40, 80))
  sellOnce(plan, sold, 'T1', { arriveMs: officeMs(plan, sold + 2) })
}

/** Sales wait in the terminal as the notice comes due: it is told when there are none after all. */
function backlog({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const notice = noticeDay(last)
  quietShop(plan, last, last + rng.int(80, 120))
  waiting(plan, notice, 3)
}

function backlogInTime({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  const notice = noticeDay(last)
  quietShop(plan, last, notice + 20)
  const arriveMs = officeMs(plan, notice + 1)
  waiting(plan, notice, 2)
  sellOnce(plan, last + 30, 'T1', { arriveMs })
}

function waiting(plan: Plan, notice: Day, count: number): void {
  plan.terminals[0]!.beatMinute = undefined
  for (let day = notice - 3; day <= notice + 2; day++) {
    const storedOfflineCount = day < notice + 2 ? count : 0
    const data = { terminalId: 'T1', intervalS: 86_400, storedOfflineCount }
    happens(plan, day, { type: 'terminal.heartbeat', data })
  }
}

function lastDayBefore({ plan, rng }: Story): void {
  const last = plan.boardDay + rng.int(40, 110)
  quietShop(plan, last, noticeDay(last) - 1)
}

function neverActivated({ plan, rng }: Story): void {
  const till = plan.terminals[0]!
  till.share = 0
  till.beatMinute = undefined
  deliver(plan, till, plan.boardDay + rng.int(0, 60), undefined)
}

function activatedLate({ plan, rng }: Story): void {
  const till = plan.terminals[0]!
  const day = plan.boardDay + rng.int(0, 40) + rng.pick([8, 25, 60, 85, 110])
  till.sells = [day + 1, FOREVER]
  deliver(plan, till, plan.boardDay, day)
}

function spare({ plan, rng }: Story): void {
  const till = spareTill(plan, rng)
  const day = plan.boardDay + rng.int(5, 80)
  deliver(plan, till, day, undefined)
  if (rng.chance(0.5)) return
  const data = { terminalId: 'T2', role: 'backup' } as const
  happens(plan, day + rng.int(20, 85), { type: 'terminal.role-changed', data })
}

function spareTill(plan: Plan, rng: Rng) {
  const till = terminalPlan(2, plan.boardDay + 1, rng)
  till.share = 0
  till.beatMinute = undefined
  plan.terminals.push(till)
  return till
}

function reportedLate({ plan, rng }: Story): void {
  const till = plan.terminals[0]!
  const { boardDay } = plan
  const day = boardDay + rng.int(2, 12)
  const told = boardDay + rng.int(16, 40)
  till.sells = [told + 1, FOREVER]
  deliver(plan, till, boardDay, undefined)
  const data = { terminalId: till.terminalId, serialNo: till.serialNo }
  happens(plan, day, { type: 'terminal.activated', data }, officeMs(plan, told))
}

function exempt({ plan, rng }: Story): void {
  const till = spareTill(plan, rng)
  const { boardDay } = plan
  if (rng.chance(0.5)) return deliver(plan, till, boardDay + 3, undefined, 'training')
  deliver(plan, till, boardDay + 3, boardDay + 4, 'backup')
  sellOnce(plan, boardDay + 6, 'T2')
}

function swapped({ plan, rng }: Story): void {
  const old = plan.terminals[0]!
  const day = plan.boardDay + rng.int(40, 150)
  const heir = terminalPlan(9, day, rng)
  const data = { terminalId: 'T1', oldSerialNo: old.serialNo, newSerialNo: heir.serialNo }
  const body = { type: 'terminal.replaced', data: { ...data, reason: 'repair' } } as const
  const atMs = plan.place.startMs(day) + 5 * 3_600_000
  if (rng.chance(0.5)) return say(plan, body, atMs)
  say(plan, { ...body, data: { ...body.data, newTerminalId: 'T9' } }, atMs)
  old.sells = [old.sells[0], day - 1]
  heir.share = 3
  plan.terminals.push(heir)
}

export const ABSENT = [
  cause('11 a till idle beside a busy one', (story) => void quietTill(story), { share: 3 }),
  cause('11 an idle till sells again', tillReturns, { share: 3 }),
  cause('11 an idle till becomes a backup', tillBecomesBackup),
  cause('11 an idle till is retired', tillRetires),
  cause('11 a till, then the whole shop idle', tillThenShop, { share: 2 }),
  cause('11 a season that nobody declared', season, { share: 4 }),
  cause('11 idle and re-verified', reverified, { share: 2 }),
  cause('11 idle for good', neverReturns, { share: 2, never: ['terminal-inactivity'] }),
  cause('11 only the owner swipes', ownerSwipes),
  cause('4 a forwarded sale proves the warning wrong', forwardedLate, { share: 2 }),
  cause('4 a forwarded sale ends the warning', forwardedSoon),
  cause('4 sales wait while the notice comes due', backlog),
  cause('11 never activated', neverActivated, {
    isUnready: true,
    never: ['merchant-inactivity'],
  }),
  cause('11 activated late', activatedLate, { share: 3, isUnready: true }),
  cause('11 a spare till never activated', spare, { share: 2 }),
  cause('11 activation reported late', reportedLate, { isUnready: true }),
  cause('near-miss: waiting sales arrive in time', backlogInTime, {
    never: ['merchant-inactivity'],
  }),
  cause('near-miss: a sale on the last day', lastDayBefore, { never: ['merchant-inactivity'] }),
  cause('near-miss: a spare till for training or backup', exempt, {
    share: 2,
    never: ['never-activated', 'terminal-inactivity'],
  }),
  cause('near-miss: a terminal swapped', swapped, { never: ['terminal-inactivity'] }),
]
