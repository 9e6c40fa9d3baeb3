import { describe, expect, test } from 'vitest'
import { newAccount } from '../../src/core/account.ts'
import type { Account } from '../../src/core/account.ts'
import { noteAmount } from '../../src/core/amounts.ts'
import { noteDay } from '../../src/core/days.ts'
import {
  freezeUsual,
  loseFirst,
  noteReturn,
  noteWatched,
  splitSilence,
} from '../../src/core/reactivation.ts'
import type { Reactivation } from '../../src/core/reactivation.ts'
import { noteActivity, terminalOf } from '../../src/core/terminals.ts'
import { heard } from '../support/heard.ts'
import { dates, history } from '../support/history.ts'

const LAST = 20_000
const DAY_MS = 86_400_000
const COUNTING = { gapDays: 60, outlierMultiple: 2, outlierPercent: 99 }

/** Ten minor units a day, on thirty days up to `LAST`. */
function sleeper(): Account {
  const account = newAccount('acq-a', 'M1')
  for (let on = LAST - 29; on <= LAST; on++) sell(account, on, 10)
  return account
}
function sell(account: Account, on: number, amount: number, isActivity = true): void {
  noteReturn(account, on, COUNTING)
  noteDay(account.days, on, { count: 1, sum: amount })
  noteAmount(account.amounts, on, amount, 1)
  noteWatched(account, on, amount, 1)
  if (isActivity) beActive(account, on, amount)
}
function beActive(account: Account, on: number, amount: number): void {
  noteActivity(terminalOf(account.facts.terminals, 'T1'), on, on * DAY_MS, {
    ...{ eventId: 'e', amount, currency: 'CNY', responseCode: undefined, last4: undefined },
  })
}
const woken = (on: number, ...more: readonly number[]): Account => {
  const account = sleeper()
  sell(account, on, 10)
  for (const it of more) sell(account, it, 10)
  return account
}
const of = ({ facts }: Account) => facts.reactivation

describe('the first sale after a silence', () => {
  test.each<[number, number | undefined, string]>([
    [59, undefined, 'is none within sixty dates'],
    [60, LAST + 60, 'is on the sixtieth'],
    [100, LAST + 100, 'or on a later one'],
  ])('%i dates on: %s (%s)', (gap, firstOn) => {
    expect(of(woken(LAST + gap))?.firstOn).toBe(firstOn)
  })

  test('is compared with what was usual up to the last activity', () => {
    expect(of(woken(LAST + 60))).toEqual({
      ...{ lastOn: LAST, firstOn: LAST + 60, lastMs: LAST * DAY_MS, fourWeeks: 280 },
      ...{ largeMin: 20, large: [0, 0, 0] },
    })
  })

  test('by staff: another of the same date is not another first one', () => {
    const account = sleeper()
    sell(account, LAST + 60, 50, false)
    sell(account, LAST + 60, 50, false)
    expect(of(account)?.large).toEqual([2, 0, 0])
    sell(account, LAST + 61, 50)
    expect(of(account)).toMatchObject({ firstOn: LAST + 60, large: [2, 1, 0] })
  })

  test('of an account without any activity there is none', () => {
    const account = newAccount('acq-a', 'M1')
    sell(account, LAST, 10)
    expect(of(account)).toBeUndefined()
  })
})

describe('what was usual', () => {
  test('is kept from the date on which the silence is long', () => {
    const account = sleeper()
    freezeUsual(account, LAST + 59, COUNTING)
    expect(account.facts.usual).toBeUndefined()
    freezeUsual(account, LAST + 60, COUNTING)
    expect(account.facts.usual).toEqual({ lastOn: LAST, fourWeeks: 280, outlier: 10 })
  })

  test('counts when the days themselves are gone', () => {
    const account = sleeper()
    freezeUsual(account, LAST + 60, COUNTING)
    account.days = newAccount('', '').days
    account.amounts = newAccount('', '').amounts
    sell(account, LAST + 200, 10)
    expect(of(account)).toMatchObject({ fourWeeks: 280, largeMin: 20 })
    expect(account.facts.usual).toBeUndefined()
    // Its only sale is taken out again: the silence goes on, and with it what was usual.
    noteDay(account.days, LAST + 200, { count: -1, sum: -10 })
    account.facts.terminals.get('T1')!.activity.pop()
    sell(account, LAST + 210, 10)
    expect(of(account)).toMatchObject({ firstOn: LAST + 210, fourWeeks: 280, largeMin: 20 })
  })

  test('is nothing where nothing is known', () => {
    const account = newAccount('acq-a', 'M1')
    freezeUsual(account, LAST, COUNTING)
    expect(account.facts.usual).toBeUndefined()
    beActive(account, LAST, 10)
    sell(account, LAST + 60, 10)
    expect(of(account)).toMatchObject({ fourWeeks: 0, largeMin: undefined })
  })
})

describe('sales that stand out', () => {
  test.each([
    [LAST + 100, 20, [1, 0, 0], 'twice the percentile, on the first date'],
    [LAST + 102, 20, [0, 0, 1], 'on the third'],
    [LAST + 103, 20, [0, 0, 0], 'after it none is watched'],
    [LAST + 100, 19, [0, 0, 0], 'a minor unit less'],
  ])('on %i of %i: %j (%s)', (on, amount, large) => {
    const account = woken(LAST + 100)
    noteWatched(account, on, amount, 1)
    expect(of(account)?.large).toEqual(large)
    noteWatched(account, on, amount, -1)
    noteWatched(account, on, amount, -1)
    expect(of(account)?.large).toEqual([0, 0, 0])
  })
})

describe('a sale that lies inside the silence', () => {
  const split = (on: number, isActivity: boolean, gap = 100, large = [1, 2, 3]) => {
    const account = woken(LAST + gap)
    of(account)!.large = large as Reactivation['large']
    const isOther = splitSilence(account, { on, atMs: on * DAY_MS + 1, isActivity }, COUNTING)
    return { isOther, known: of(account) }
  }
  const none = { isOther: true, known: undefined }
  test.each<[number, boolean, object, string]>([
    [LAST + 50, true, none, 'fifty before and fifty after: there is none'],
    [LAST + 40, true, { known: { lastOn: LAST + 40, firstOn: LAST + 100 } }, 'sixty are left'],
    [LAST + 40, false, none, 'by staff it was the first sale, too soon'],
    [LAST + 60, true, { known: { lastOn: LAST, firstOn: LAST + 60 } }, 'it is the first sale'],
    [LAST + 60, false, { known: { firstOn: LAST + 60 } }, 'by staff too'],
    [LAST + 100, true, { isOther: false, known: { firstOn: LAST + 100 } }, 'on its last date'],
    [LAST, true, { isOther: true, known: { lastMs: LAST * DAY_MS + 1 } }, 'on its first, later'],
    [LAST, false, { isOther: false, known: { lastMs: LAST * DAY_MS } }, 'no activity'],
    [LAST - 1, true, { isOther: false, known: { lastOn: LAST } }, 'before it'],
  ])('on %i, %s: %o (%s)', (on, isActivity, expected) => {
    expect(split(on, isActivity)).toMatchObject(expected)
  })

  test.each([
    [99, [0, 1, 2]],
    [98, [0, 0, 1]],
    [97, [0, 0, 0]],
  ])('%i dates on, what stood out keeps its date: %j', (after, large) => {
    expect(split(LAST + after, true).known?.large).toEqual(large)
  })

  test('of no silence is told nothing', () => {
    const sale = { on: LAST, atMs: 0, isActivity: true }
    expect(splitSilence(newAccount('', ''), sale, COUNTING)).toBe(false)
  })
})

describe('the only sale of the first date taken out', () => {
  const lost = (...others: readonly number[]) => {
    const account = woken(LAST + 100, ...others)
    of(account)!.large = [1, 2, 3]
    noteDay(account.days, LAST + 100, { count: -1, sum: -10 })
    loseFirst(account, LAST + 100)
    return of(account)
  }
  test.each([
    [[LAST + 101, LAST + 102], { firstOn: LAST + 101, large: [2, 3, 0] }, 'the next date is first'],
    [[LAST + 102], { firstOn: LAST + 102, large: [3, 0, 0] }, 'or the one after it'],
    [[], { firstOn: LAST + 100, large: [1, 2, 3] }, 'where there is one'],
    [[LAST + 100], { firstOn: LAST + 100, large: [1, 2, 3] }, 'not while it has another sale'],
  ])('with sales on %j: %o (%s)', (others, expected) => {
    expect(lost(...others)).toMatchObject(expected)
  })
})

test('a sale too late to be tallied is the first after a silence all the same', () => {
  const shop = history()
  shop.registers('2025-12-01T08:00')
  shop.activates('2025-12-01T08:10')
  for (const date of dates('2026-01-01', '2026-01-31')) shop.sells(`${date}T18:00`)
  shop.sells('2026-04-02T10:00', { amount: 100, arrives: '2026-04-05T11:00' })
  shop.sells('2026-04-03T10:00', { amount: 1_500_000, arrives: '2026-04-05T12:00' })
  expect(heard(shop, 'dormant-reactivation', '2026-04-05T23:00')).toEqual([
    '2026-04-05 12:00 account opened warning',
  ])
})
