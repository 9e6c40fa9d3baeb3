import { describe, expect, test } from 'vitest'
import { cardHistory as given, type Try } from '../support/card-history.ts'
import type { When } from '../support/planned-history.ts'

type Shop = ReturnType<typeof given>

const D = (count: number) => 'd'.repeat(count)
const A = (count: number) => 'a'.repeat(count)
const T = (count: number) => 't'.repeat(count)

describe('decline-ratio-spike', () => {
  const told = (shop: Shop, until: number) => shop.told('decline-ratio-spike', until)

  test.each([
    ['ddda'.repeat(5), ['notice 30', 'resolved 33'], 'fifteen of twenty'],
    ['ddda'.repeat(4) + 'ddd', [], 'nineteen attempts'],
    ['da'.repeat(10), [], 'ten of twenty: surely 29.9 %'],
    [A(9) + D(11), ['notice 30', 'resolved 33'], 'eleven: surely 34 %'],
  ])('an hour of %s: %j', (codes, expected) => {
    const shop = given()
    shop.trade(1, 29)
    shop.row([30, 1_000], codes)
    expect(told(shop, 36)).toEqual(expected)
  })

  test.each([
    ['daaaaaaa', [], 'an eighth is declined every day: three times are 38 %'],
    ['daaaaaaaa', ['notice 30', 'resolved 33'], 'a ninth: 33 %, and surely 34 % of the hour'],
  ])('after days of %s: %j', (codes, expected) => {
    const shop = given()
    for (let day = 1; day <= 29; day++) shop.row([day, 700], codes)
    shop.row([30, 1_000], A(9) + D(11))
    expect(told(shop, 36)).toEqual(expected)
  })

  test.each([
    [14, []],
    [15, ['notice 15', 'resolved 18']],
  ])('on day %i, before there is a history: %j', (day, expected) => {
    const shop = given()
    shop.trade(1, day - 1)
    shop.row([day, 900], D(20))
    shop.row([day, 1_000], D(20))
    expect(told(shop, 22)).toEqual(expected)
  })

  test.each<readonly [number, number, string | undefined, string]>([
    [14, 20, 'notice 30', 'seventy percent of one bank'],
    [15, 20, undefined, 'more than that'],
  ])('%i of %i: %s', (ofOne, all, expected) => {
    const shop = given()
    shop.trade(1, 29, 3)
    for (let at = 0; at < all; at++) {
      const issuer = at < ofOne ? 'I9' : `I${at % 3}`
      shop.attempt([30, 1_000 + at], { code: '05', issuer })
    }
    expect(told(shop, 31)[0]).toBe(expected)
  })

  test.each([
    [59, ['notice 30', 'resolved 33']],
    [60, ['notice 30', 'warning 30', 'resolved 33']],
    [180, ['notice 30', 'warning 30', 'resolved 33']],
    [181, ['notice 30', 'resolved 33']],
  ])('a hit %i minutes after one: %j', (minutes, expected) => {
    const shop = given()
    shop.trade(1, 29, 5)
    // The first hit is at the twentieth, and again where twenty in an hour still are.
    shop.row([30, 600], D(20))
    if (minutes < 60) shop.row([30, 619 + minutes], 'd')
    else shop.row([30, 619 + minutes - 19], D(20))
    expect(told(shop, 36)).toEqual(expected)
  })

  test.each([
    [0, ['notice 30', 'resolved 33'], 'never'],
    [1, ['notice 30', 'warning 31', 'resolved 34'], 'the next day'],
    [2, ['notice 30', 'warning 32', 'resolved 35'], 'the day after'],
    [3, ['notice 30', 'resolved 33', 'notice 33', 'resolved 36'], 'later'],
  ])('two in five of fifty in a day, and again %i days later: %j', (later, expected) => {
    const shop = given()
    shop.trade(1, 29, 20)
    for (const day of new Set([30, 30 + later])) {
      for (let at = 0; at < 55; at++) {
        shop.attempt([day, 480 + at * 10], { code: at % 5 < 2 ? '05' : '00', amount: 1 })
      }
    }
    expect(told(shop, 38)).toEqual(expected)
  })
})

describe('card-testing', () => {
  test.each<readonly [string, Try, string[], string]>([
    [T(10) + A(10), {}, ['warning 30', 'resolved 33'], 'ten cards of twenty attempts'],
    [T(9) + A(11), {}, [], 'nine cards'],
    [T(10) + A(9), {}, [], 'nineteen attempts'],
    [T(12) + A(26), {}, ['warning 30', 'resolved 33'], 'surely a fifth when half of it is seen'],
    [A(30) + T(12), {}, [], 'twelve of forty-two are surely 17 %'],
    [D(20), {}, [], 'other reasons'],
    [T(20), { card: 'one' }, [], 'one card'],
    [T(20), { issuer: 'one' }, [], 'one bank'],
  ])('%s %j: %j', (codes, more, expected) => {
    const shop = given()
    shop.trade(28, 29)
    shop.row([30, 100], codes, more)
    expect(shop.told('card-testing', 36)).toEqual(expected)
  })

  test('of an hour, not of two', () => {
    const shop = given()
    shop.row([30, 100], T(9) + A(11))
    shop.row([30, 160], 't')
    expect(shop.told('card-testing', 36)).toEqual([])
  })
})

describe('repeat-card', () => {
  const told = (shop: Shop, until = 80) => shop.told('repeat-card', until)
  const pay = (shop: Shop, day: number, amounts: readonly number[]) =>
    amounts.map((amount, at) => shop.attempt([day, 600 + at * 20], { amount, card: 'a' }))

  test.each([
    [[50, 50, 50], ['notice 5', 'resolved 8'], 'thrice the same'],
    [[49.99, 49.99, 49.99, 49.99, 49.99], [], 'below the limit'],
    [[50, 50, 51, 51], [], 'twice each'],
    [[50, 51, 52, 53, 54], ['notice 5', 'resolved 8'], 'five times'],
  ])('%j: %j', (amounts, expected) => {
    const shop = given()
    pay(shop, 5, amounts)
    expect(told(shop)).toEqual(expected)
  })

  test.each(['5814', '5499', '4111'])('is usual for %s', (mcc) => {
    const shop = given({ mcc })
    pay(shop, 5, [60, 60, 60, 60, 60])
    expect(told(shop)).toEqual([])
  })

  test.each([
    [6, ['notice 5', 'warning 6', 'resolved 9']],
    [34, ['notice 5', 'resolved 8', 'warning 34', 'resolved 37']],
    [35, ['notice 5', 'resolved 8', 'notice 35', 'resolved 38']],
  ])('again on day %i: %j', (day, expected) => {
    const shop = given()
    pay(shop, 5, [60, 60, 60])
    pay(shop, day, [70, 70, 70])
    expect(told(shop)).toEqual(expected)
  })

  test('what is taken back was never true, and what is left of it is told anew', () => {
    const shop = given()
    pay(shop, 5, [60, 60, 60])
    const [first] = pay(shop, 6, [60, 60, 60])
    shop.undo(first!, [6, 700])
    expect(told(shop)).toEqual(['notice 5', 'warning 6', 'retracted 6', 'notice 6', 'resolved 8'])
  })

  test.each<readonly [number | undefined, string[], string]>([
    [11, [], 'to another amount'],
    [undefined, [], 'whole'],
  ])('taken back by %s before the third: %j', (part, expected) => {
    const shop = given()
    const [first] = pay(shop, 5, [60, 60])
    shop.undo(first!, [5, 650], part)
    shop.attempt([5, 700], { amount: 60, card: 'a' })
    expect(told(shop)).toEqual(expected)
  })

  test('a part given back can make three equal ones', () => {
    const shop = given()
    const [, , third] = pay(shop, 5, [60, 60, 75])
    shop.undo(third!, [5, 700], 15)
    expect(told(shop)).toEqual(['notice 5', 'resolved 8'])
  })

  test.each<readonly [When, string[], string]>([
    [[6, 690], ['notice 6', 'resolved 8'], 'within a day'],
    [[6, 710], [], 'later'],
  ])('the third told at %j: %j', (at, expected) => {
    const shop = given()
    pay(shop, 5, [60, 60])
    shop.attempt([5, 700], { amount: 60, card: 'a', told: at })
    expect(told(shop)).toEqual(expected)
  })
})
