import { describe, expect, test } from 'vitest'
import { dateText } from '../../src/fleet/civil.ts'
import { FIRST, plannedHistory } from '../support/planned-history.ts'
import type { When } from '../support/planned-history.ts'

describe('fee-collection-failed', () => {
  function owing(invoiced = true) {
    const { say, told } = plannedHistory()
    const common = { invoiceId: 'i', amount: 5_000, currency: 'CNY' }
    const invoice = (when: When, amount: number) => {
      const data = { ...common, amount, feeType: 'other', dueDate: dateText(FIRST + 10) }
      say(when, { type: 'fee.invoiced', data })
    }
    if (invoiced) invoice([1, 600], 5_000)
    return {
      invoiced: invoice,
      failed: (when: When, at?: When) =>
        say(when, { type: 'fee.collection.failed', data: { invoiceId: 'i' } }, at),
      paid: (when: When, at?: When) =>
        say(when, { type: 'fee.payment.received', data: common }, at),
      disputed: (day: number, status: 'open' | 'accepted' | 'rejected') =>
        say([day, 600], { type: 'fee.disputed', data: { invoiceId: 'i', status } }),
      writtenOff: (day: number) =>
        say([day, 600], { type: 'fee.written-off', data: { invoiceId: 'i' } }),
      told: () => told('fee-collection-failed', 60),
    }
  }

  test('the first is a notice, the second a warning, the third nothing new', () => {
    const shop = owing()
    for (const day of [10, 12, 14]) shop.failed([day, 600])
    expect(shop.told()).toEqual(['notice 10', 'warning 12'])
    shop.paid([20, 600])
    expect(shop.told()).toEqual(['notice 10', 'warning 12', 'resolved 20'])
  })

  test('what failed after payment says nothing, whichever is told first', () => {
    const shop = owing()
    shop.paid([9, 600])
    shop.failed([10, 600])
    expect(shop.told()).toEqual([])
    const other = owing()
    other.failed([10, 600], [15, 600])
    other.paid([12, 600])
    expect(other.told()).toEqual([])
  })

  test.each<readonly [When, readonly string[], string]>([
    [[9, 600], ['notice 10', 'warning 12', 'retracted 14'], 'before both'],
    [[11, 600], ['notice 10', 'warning 12', 'retracted 14'], 'between them'],
    [[13, 600], ['notice 10', 'warning 12', 'resolved 14'], 'after both'],
  ])('a payment of %j told on day 14: %j', (when, expected) => {
    const shop = owing()
    for (const day of [10, 12]) shop.failed([day, 600])
    shop.paid(when, [14, 600])
    expect(shop.told()).toEqual(expected)
  })

  test('what failed while nothing was owed does not count when something is owed again', () => {
    const shop = owing()
    shop.paid([9, 600])
    shop.failed([10, 600])
    shop.invoiced([11, 600], 8_000)
    expect(shop.told()).toEqual([])
    shop.failed([12, 600])
    expect(shop.told()).toEqual(['notice 12'])
  })

  test('a dispute holds what stands, and its outcome ends it or lets it climb', () => {
    const shop = owing()
    shop.failed([10, 600])
    shop.disputed(11, 'open')
    shop.failed([12, 600])
    expect(shop.told()).toEqual(['notice 10'])
    shop.disputed(20, 'rejected')
    expect(shop.told()).toEqual(['notice 10', 'warning 20'])
    shop.disputed(30, 'accepted')
    expect(shop.told()).toEqual(['notice 10', 'warning 20', 'resolved 30'])
  })

  test('an invoice that nobody told of is open until it is written off', () => {
    const shop = owing(false)
    for (const day of [10, 12]) shop.failed([day, 600])
    shop.writtenOff(20)
    expect(shop.told()).toEqual(['notice 10', 'warning 12', 'resolved 20'])
  })
})

describe('negative-balance', () => {
  function holding(exponent?: number) {
    const { say, told } = plannedHistory(exponent)
    return {
      stands: (when: When, balance: number, at?: When) =>
        say(when, { type: 'balance.negative', data: { balance, currency: 'CNY' } }, at),
      told: () => told('negative-balance', 60),
    }
  }

  test('climbs on the first, seventh and thirtieth date after it fell', () => {
    const shop = holding()
    shop.stands([5, 1_430], -101)
    shop.stands([9, 600], -90_000)
    expect(shop.told()).toEqual(['notice 6', 'warning 12', 'final-warning 35'])
    shop.stands([40, 600], 0)
    expect(shop.told().at(-1)).toBe('resolved 40')
  })

  test('what lies just below nought neither starts nor stops it', () => {
    const shop = holding()
    for (const [at, balance] of [-50, -100].entries()) shop.stands([5 + at, 600], balance)
    expect(shop.told()).toEqual([])
    shop.stands([7, 600], -101)
    shop.stands([8, 600], -100)
    expect(shop.told().slice(0, 2)).toEqual(['notice 8', 'warning 14'])
  })

  test('a currency without minor units has the same limit', () => {
    const shop = holding(0)
    shop.stands([5, 600], -1)
    expect(shop.told()).toEqual([])
    shop.stands([5, 700], -2)
    expect(shop.told()[0]).toBe('notice 6')
  })

  test.each<readonly [When, readonly string[], string]>([
    [[5, 1_439], ['notice 6', 'retracted 8'], 'the same day'],
    [[6, 0], ['notice 6', 'resolved 8'], 'at the very instant'],
  ])('made good at %j and told on day 8: %j', (when, expected) => {
    const shop = holding()
    shop.stands([5, 600], -500)
    shop.stands(when, 0, [8, 600])
    expect(shop.told()).toEqual(expected)
  })

  test('made good for a moment that is told late: it began later than was told', () => {
    const shop = holding()
    shop.stands([5, 600], -500)
    shop.stands([9, 600], -700)
    shop.stands([8, 600], 0, [13, 600])
    expect(shop.told().slice(0, 5)).toEqual([
      'notice 6',
      'warning 12',
      'retracted 13',
      'notice 13',
      'warning 16',
    ])
  })
})

describe('payout-returned', () => {
  function sending() {
    const { say, told } = plannedHistory()
    const account = { accountRef: 'a' }
    return {
      back: (
        payoutId: string,
        when: When,
        more: Readonly<{ at?: When; ref?: object; isFailure?: boolean }> = {},
      ) => {
        const type = more.isFailure === true ? 'payout.failed' : 'payout.returned'
        const data = { payoutId, returnCode: 'AC04', ...(more.ref ?? account) }
        say(when, { type, data }, more.at)
      },
      paid: (when: When, at?: When) => {
        const data = { payoutId: `p${when.join('-')}`, net: 1_000, currency: 'CNY', ...account }
        say(when, { type: 'payout.completed', data }, at)
      },
      scheduled: (payoutId: string, when: When) => {
        const data = { payoutId, net: 1_000, currency: 'CNY', ...account }
        say(when, { type: 'payout.scheduled', data })
      },
      told: (isBySubject = false) => told('payout-returned', 90, isBySubject),
    }
  }

  test('is over with the next payout', () => {
    const shop = sending()
    shop.paid([4, 720])
    shop.back('x', [5, 600])
    expect(shop.told()).toEqual(['warning 5'])
    shop.paid([6, 720])
    expect(shop.told()).toEqual(['warning 5', 'resolved 6'])
  })

  test.each([
    [34, 'final-warning', 'the last of thirty dates'],
    [35, 'warning', 'one more'],
  ])('again on day %i, after a payout: %s', (day, stage) => {
    const shop = sending()
    shop.back('x', [5, 600])
    shop.paid([6, 720])
    shop.back('y', [day, 600])
    expect(shop.told()).toEqual(['warning 5', 'resolved 6', `${stage} ${day}`])
  })

  test('the second of an episode raises it', () => {
    const shop = sending()
    shop.back('x', [5, 600])
    shop.back('y', [7, 600])
    expect(shop.told()).toEqual(['warning 5', 'final-warning 7'])
  })

  test('a failure and a return of one payout are one, and stand until a payout after the later', () => {
    const shop = sending()
    shop.back('x', [5, 600], { isFailure: true })
    shop.back('x', [7, 600])
    expect(shop.told()).toEqual(['warning 5'])
    shop.paid([6, 600], [8, 600])
    expect(shop.told()).toEqual(['warning 5'])
    shop.paid([9, 600])
    expect(shop.told()).toEqual(['warning 5', 'resolved 9'])
  })

  test('one older than the latest payout opens nothing', () => {
    const shop = sending()
    shop.paid([6, 720])
    shop.back('x', [5, 600], { at: [7, 600] })
    expect(shop.told()).toEqual([])
  })

  test('told late, and the payout after it later still', () => {
    const shop = sending()
    shop.back('x', [5, 600], { at: [7, 600] })
    shop.paid([6, 720], [8, 600])
    expect(shop.told()).toEqual(['warning 7', 'retracted 8'])
  })

  test('the account may be known from the payout, or not at all', () => {
    const shop = sending()
    shop.scheduled('x', [4, 600])
    shop.back('x', [5, 600], { ref: {} })
    shop.back('y', [5, 700], { ref: {} })
    expect(shop.told(true)).toEqual(['settlement-account:a warning 5', 'payout:y warning 5'])
  })
})
