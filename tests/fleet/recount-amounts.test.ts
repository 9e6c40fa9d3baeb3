import { describe, expect, test } from 'vitest'
import { dateText } from '../../src/fleet/civil.ts'
import { cardHistory as given } from '../support/card-history.ts'
import { FIRST, type When } from '../support/planned-history.ts'

type Shop = ReturnType<typeof given>

describe('round-amount', () => {
  const pay = (shop: Shop, day: number, amounts: readonly number[]) =>
    amounts.map((amount, at) => shop.attempt([day, 600 + at], { amount }))
  const told = (shop: Shop, until = 40) => shop.told('round-amount', until)
  const odd = (count: number) => Array<number>(count).fill(1_001)
  const even = (count: number) => Array<number>(count).fill(1_500)

  test.each([
    [even(9), [], 'nine'],
    [even(10), ['notice 5', 'resolved 13'], 'ten, until the first is seven days old'],
    [[...odd(4), ...even(6)], ['notice 5', 'resolved 13'], 'six of ten are surely 31 %'],
    [[...odd(5), ...even(5)], [], 'five of ten'],
    [Array<number>(12).fill(500), [], 'below a thousand'],
  ])('%j: %j', (amounts, expected) => {
    const shop = given()
    pay(shop, 5, amounts)
    expect(told(shop)).toEqual(expected)
  })

  test.each([
    [11, ['notice 11', 'resolved 13']],
    [12, []],
  ])('nine on day 5 and one on day %i: %j', (day, expected) => {
    const shop = given()
    pay(shop, 5, even(9))
    pay(shop, day, even(1))
    expect(told(shop)).toEqual(expected)
  })

  test('stands where it holds again in the first minute after the close', () => {
    const shop = given()
    pay(shop, 5, even(10))
    for (let at = 0; at < 10; at++) shop.attempt([13, at / 20], { amount: 1_500 })
    expect(told(shop)).toEqual(['notice 5', 'resolved 21'])
  })

  test.each(['8211', '8299', '6513', '5541'])('is usual for %s', (mcc) => {
    const shop = given({ mcc })
    pay(shop, 5, even(12))
    expect(told(shop)).toEqual([])
  })

  test('is a warning beside another one, though that be opened by the same sale', () => {
    const shop = given()
    pay(shop, 5, even(10))
    for (const minute of [700, 701, 702]) shop.attempt([6, minute], { amount: 1_000, card: 'a' })
    expect(told(shop)).toEqual(['notice 5', 'warning 6', 'resolved 13'])
  })

  test('the tenth taken back, and told late', () => {
    const shop = given()
    const sales = pay(shop, 5, even(10))
    shop.undo(sales[3]!, [5, 700])
    shop.attempt([6, 700], { amount: 1_000, told: [8, 600] })
    expect(told(shop)).toEqual(['notice 5', 'retracted 5', 'notice 8', 'resolved 13'])
  })
})

describe('dormant-reactivation', () => {
  const told = (shop: Shop, until = 130) => shop.told('dormant-reactivation', until)
  /** Trades until day 30, at twice a day. */
  function asleep(amount = 10) {
    const shop = given()
    shop.trade(1, 30, 2, amount)
    return shop
  }

  test.each([
    [90, 10, ['warning 90', 'resolved 93'], 'ten sales after sixty days'],
    [89, 10, [], 'after fifty-nine'],
    [90, 9, [], 'nine sales'],
  ])('back on day %i with %i: %j', (day, count, expected) => {
    const shop = asleep()
    shop.trade(day, day, count, 1)
    expect(told(shop)).toEqual(expected)
  })

  test.each([
    [2, ['warning 92', 'resolved 95'], 'the third date'],
    [3, [], 'the fourth'],
  ])('the tenth %i days later: %j', (later, expected) => {
    const shop = asleep()
    shop.trade(90, 90, 9, 1)
    shop.trade(90 + later, 90 + later, 1, 1)
    expect(told(shop)).toEqual(expected)
  })

  test.each([
    // Ten yuan are in the bin that ends at 10.00, twenty in that of 20.54.
    [10, 20, ['warning 90', 'resolved 93'], 'twice the largest'],
    [10, 19.99, [], 'less'],
    [20, 41.07, [], 'twice the largest, but not of its bin'],
    [20, 41.08, ['warning 90', 'resolved 93'], 'twice the bin'],
  ])('before %d, then one of %d: %j', (before, amount, expected) => {
    const shop = asleep(before)
    shop.attempt([90, 600], { amount })
    expect(told(shop)).toEqual(expected)
  })

  test.each([
    [1_000, 5, ['warning 90', 'resolved 93'], 'three weeks and five thousand'],
    [999, 5, [], 'less than five thousand'],
  ])('%d in each of %i sales: %j', (amount, count, expected) => {
    const shop = given()
    // Large ones long ago, so that none of these is large; two in the last four weeks.
    shop.trade(1, 1, 3, 800)
    shop.trade(30, 30, 2, 800)
    shop.trade(90, 90, count, amount)
    expect(told(shop)).toEqual(expected)
  })

  test.each([
    [1, ['warning 95', 'resolved 98'], 'one is above the 99th percentile'],
    [2, [], 'two are not'],
  ])('of a hundred before, %i large: %j', (large, expected) => {
    const shop = given()
    shop.trade(30, 30, 100 - large, 10)
    shop.trade(29, 29, large, 100)
    // A hundred sales take more than a day.
    shop.attempt([95, 600], { amount: 25 })
    expect(told(shop)).toEqual(expected)
  })

  test('a sale to the owner is no activity', () => {
    const shop = asleep()
    shop.attempt([60, 600], { flag: 'owner' })
    shop.trade(95, 95, 10, 1)
    expect(told(shop)).toEqual([])
  })

  test.each([
    [29, 'warning 90'],
    [31, 'notice 90'],
  ])('re-verified on day %i: %s', (day, expected) => {
    const shop = asleep()
    shop.say([day, 600], { type: 'merchant.reverified', data: { result: 'success' } })
    shop.trade(90, 90, 10, 1)
    expect(told(shop)[0]).toBe(expected)
  })

  test('a declared pause says why', () => {
    const shop = asleep()
    const pause = { from: dateText(FIRST + 35), to: dateText(FIRST + 60) }
    shop.say([20, 600], { type: 'merchant.pause.declared', data: pause })
    shop.trade(90, 90, 10, 1)
    expect(told(shop)).toEqual([])
  })

  test('a sale of the silence told late takes it back; a void, until the next sale', () => {
    const late = asleep()
    late.trade(90, 90, 10, 1)
    late.attempt([60, 600], { told: [91, 600] })
    expect(told(late)).toEqual(['warning 90', 'retracted 91'])

    const undone = asleep()
    const first = undone.attempt([90, 500], { amount: 1 })
    undone.trade(90, 90, 9, 1)
    undone.undo(first, [90, 1_300])
    undone.trade(91, 91, 1, 1)
    const expected = ['warning 90', 'retracted 90', 'warning 91', 'resolved 94']
    expect(told(undone)).toEqual(expected)
  })
})

type Refund = readonly [when: When, amount: number, told?: When]

describe('unmatched-refund', () => {
  const HOUR = 60
  const told = (refunds: readonly Refund[]) => {
    const { say, told: toldOf } = given()
    for (const [when, amount, at] of refunds) {
      const refund = { transactionId: `rf${when.join()}`, terminalId: 'T1', currency: 'CNY' }
      const data = { ...refund, amount: amount * 100, matched: false }
      say(when, { type: 'card.refund', data }, at)
    }
    return toldOf('unmatched-refund', 40)
  }

  test.each<readonly [readonly Refund[], string[], string]>([
    [[[[5, 600], 500]], ['warning 5', 'resolved 8'], 'a large one'],
    [[[[5, 600], 499.99]], [], 'one that is not'],
    [
      [
        [[5, 600], 1],
        [[5, 700], 1],
      ],
      [],
      'two',
    ],
    [
      [
        [[5, 600], 1],
        [[5, 700], 1],
        [[6, 599], 1],
      ],
      ['warning 6', 'resolved 9'],
      'three',
    ],
    [
      [
        [[5, 600], 1],
        [[5, 700], 1],
        [[6, 600], 1],
      ],
      [],
      'the third 288 panes after the first',
    ],
    [[[[5, 600], 600, [7, 600]]], ['warning 7', 'resolved 8'], 'told two days late'],
    [[[[5, 600], 600, [8, 601]]], [], 'told more than three days late'],
  ])('%j: %j', (refunds, expected) => {
    expect(told(refunds)).toEqual(expected)
  })

  test.each([
    [0, 'notice 30'],
    [-150, 'warning 30'],
    [-149, 'notice 30'],
  ])('after a migration on day %i: %s', (day, expected) => {
    const { say, told: toldOf } = given()
    const data = { migratedAt: dateText(FIRST + day) }
    say([1, HOUR], { type: 'merchant.profile-changed', data })
    const refund = { transactionId: 'rf', terminalId: 'T1', currency: 'CNY', amount: 60_000 }
    say([30, HOUR], { type: 'card.refund', data: { ...refund, matched: false } })
    expect(toldOf('unmatched-refund', 31)).toEqual([expected])
  })

  test('refunds of known sales are nothing', () => {
    const { say, told: toldOf } = given()
    const refund = { transactionId: 'rf', terminalId: 'T1', currency: 'CNY', amount: 90_000 }
    say([5, HOUR], { type: 'card.refund', data: refund })
    say([5, HOUR + 1], { type: 'card.refund', data: { ...refund, matched: true } })
    expect(toldOf('unmatched-refund', 31)).toEqual([])
  })
})
