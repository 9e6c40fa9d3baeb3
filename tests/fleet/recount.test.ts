import { describe, expect, test } from 'vitest'
import { dateText, dayFrom, placeOf } from '../../src/fleet/civil.ts'
import type { Body, Planned } from '../../src/fleet/planned.ts'
import { recount } from '../../src/fleet/recount.ts'

const PLACE = placeOf('Asia/Shanghai')
const FIRST = dayFrom('2026-01-01')
const MINUTE = 60_000

/** A history by hand: days count from 2026-01-01, which is 0; minutes are of the local day. */
function given(mcc = '5812') {
  const events: Planned[] = []
  const say = (day: number, minute: number, body: Body, lateMs = 1_000) => {
    const timeMs = PLACE.startMs(FIRST + day) + Math.round(minute * MINUTE)
    const id = `e${events.length}`
    events.push({ arriveMs: timeMs + lateMs, timeMs, source: 'urn:switch:1', id, ...body })
  }
  const attempt = (day: number, minute: number, more: object = {}, lateMs?: number) => {
    const common = { terminalId: 'T1', mti: '0200', amount: 1_000, currency: 'CNY' }
    const data = { ...common, transactionId: `tx${events.length}`, responseCode: '00' }
    say(
      day,
      minute,
      { type: 'card.authorisation', data: { ...data, approved: true, ...more } },
      lateMs,
    )
  }
  const sales = (day: number, count: number, amount = 1_000) => {
    for (let at = 0; at < count; at++) attempt(day, 600 + at, { amount })
  }
  const refused = (day: number, card: string, minutes: readonly number[]) => {
    for (const minute of minutes) {
      attempt(day, minute, { cardToken: card, approved: false, responseCode: '55' })
    }
  }
  const told = (untilDay: number) => {
    const inOrder = events.toSorted((a, b) => a.arriveMs - b.arriveMs)
    const who = { place: PLACE, mcc, exponent: 2 }
    return recount(who, inOrder, PLACE.startMs(FIRST + untilDay) + 2 * MINUTE).map(
      ({ stage, date }) => `${stage} ${dayFrom(date) - FIRST}`,
    )
  }
  const terminal = { terminalId: 'T1', serialNo: 'SN-A' }
  say(0, 480, { type: 'terminal.activated', data: terminal })
  return { say, attempt, sales, refused, told }
}

/** Ten sales a day from day 1 to day 30: a baseline of exactly ten. */
function steady() {
  const shop = given()
  for (let day = 1; day <= 30; day++) shop.sales(day, 10)
  return shop
}

describe('volume-spike', () => {
  test.each([
    [29, [], 'below three times'],
    [30, ['notice 31', 'resolved 34'], 'exactly three times'],
    [69, ['notice 31', 'resolved 34'], 'below seven times'],
    [70, ['notice 31', 'warning 31', 'resolved 34'], 'exactly seven times'],
  ])('%i sales against ten: %j', (count, expected) => {
    const shop = steady()
    shop.sales(31, count)
    expect(shop.told(34)).toEqual(expected)
  })

  test.each([
    ['the next day', [30, 30], ['notice 31', 'warning 32', 'resolved 35']],
    ['after a day without sales', [30, 0, 30], ['notice 31', 'warning 33', 'resolved 36']],
    ['after an ordinary day', [30, 10, 30], ['notice 31', 'resolved 36']],
    [
      'after two ordinary days',
      [30, 10, 10, 30],
      ['notice 31', 'resolved 34', 'notice 34', 'resolved 37'],
    ],
  ])('again %s', (_, counts, expected) => {
    const shop = steady()
    for (const [at, count] of counts.entries()) shop.sales(31 + at, count)
    expect(shop.told(40)).toEqual(expected)
  })

  test.each([
    [33, [], 'nineteen trading days'],
    [34, ['notice 34'], 'twenty'],
  ])('on day %i: %j', (day, expected) => {
    const shop = given()
    // Fourteen days of burn-in do count as trading days.
    for (let at = 14; at < day; at++) shop.sales(at, 10)
    shop.sales(day, 30)
    expect(shop.told(day + 1)).toEqual(expected)
  })

  test.each([
    [14, []],
    [15, ['notice 15', 'resolved 18']],
  ])('a young grocer is compared with its like, on day %i: %j', (day, expected) => {
    const shop = given('5411')
    for (let at = 1; at < day; at++) shop.sales(at, 10)
    shop.sales(day, 180)
    expect(shop.told(18)).toEqual(expected)
  })

  test.each([
    [30, 16_600, [], 'the sum is below its floor'],
    [10, 50_000, ['notice 31', 'resolved 34'], 'few sales, and the floor is reached'],
  ])('%i sales of %i: %j', (count, amount, expected) => {
    const shop = given()
    for (let day = 1; day <= 30; day++) shop.sales(day, 15, 11_000)
    shop.sales(31, count, amount)
    expect(shop.told(34)).toEqual(expected)
  })

  const OF_DAY_LATE = 24 * 60 * MINUTE
  const voidOf = (originalTransactionId: string): Body => {
    const data = { originalTransactionId, originalTime: 'unread', terminalId: 'T1' }
    return { type: 'card.void', data: { ...data, amount: 1_000, currency: 'CNY' } }
  }

  test.each([
    [29, ['notice 32', 'resolved 34'], 'told on the day after, of the day before'],
    [69, ['notice 31', 'warning 32', 'resolved 34'], 'raises what stands'],
  ])('%i sales, and one that is heard of late: %j', (count, expected) => {
    const shop = steady()
    shop.sales(31, count)
    shop.attempt(31, 900, {}, OF_DAY_LATE)
    expect(shop.told(36)).toEqual(expected)
  })

  test.each([
    [30, ['notice 31', 'retracted 31'], 'nothing is left'],
    [31, ['notice 31', 'resolved 34'], 'it is one too many'],
    [70, ['notice 31', 'warning 31', 'retracted 31', 'notice 31', 'resolved 34'], 'less is left'],
  ])('%i sales, of which one is voided: %j', (count, expected) => {
    const shop = steady()
    shop.sales(31, count - 1)
    shop.attempt(31, 900, { transactionId: 'voided' })
    shop.say(31, 910, voidOf('voided'))
    expect(shop.told(36)).toEqual(expected)
  })

  test('a sale voided before it is heard of counts for nothing', () => {
    const shop = steady()
    shop.sales(31, 30)
    shop.say(31, 900, voidOf('overtaken'))
    shop.attempt(31, 899, { transactionId: 'overtaken' }, 2 * MINUTE)
    expect(shop.told(36)).toEqual(['notice 31', 'resolved 34'])
  })

  test('days at the stage warning do not teach the days after them', () => {
    const shop = given()
    for (let day = 1; day <= 32; day++) shop.sales(day, day >= 22 && day <= 26 ? 100 : 10)
    shop.sales(33, 30)
    const first = ['notice 22', 'warning 22', 'resolved 29']
    expect(shop.told(36)).toEqual([...first, 'notice 33', 'resolved 36'])
  })
})

describe('decline-burst-card', () => {
  test.each([
    [[600, 605, 609.99], ['notice 5', 'resolved 8'], 'just within ten minutes'],
    [[600, 605, 610], [], 'exactly ten minutes'],
    [[600, 605], [], 'two'],
  ])('refused at minutes %j: %j', (minutes, expected) => {
    const shop = given()
    shop.refused(5, 'a', minutes)
    expect(shop.told(12)).toEqual(expected)
  })

  test.each([
    [2, ['notice 5', 'resolved 10']],
    [3, ['notice 5', 'resolved 8', 'notice 8', 'resolved 11']],
  ])('again %i days later: %j', (later, expected) => {
    const shop = given()
    shop.refused(5, 'a', [600, 601, 602])
    shop.refused(5 + later, 'b', [600, 601, 602])
    expect(shop.told(12)).toEqual(expected)
  })

  test.each([
    [5, 700, ['notice 5', 'warning 5', 'resolved 8'], 'the same day'],
    [6, 599, ['notice 5', 'warning 6', 'resolved 9'], '287 panes later'],
    [6, 602, ['notice 5', 'resolved 9'], '288 panes after the first'],
  ])('a third card on day %i, minute %i: %j', (day, minute, expected) => {
    const shop = given()
    shop.refused(5, 'a', [603, 604, 604.5])
    shop.refused(5, 'b', [640, 641, 642])
    shop.refused(day, 'c', [minute - 0.4, minute - 0.2, minute])
    expect(shop.told(12)).toEqual(expected)
  })

  test('still holds at a later attempt of any card, past midnight', () => {
    const shop = given()
    shop.refused(5, 'a', [1_437, 1_438, 1_439])
    shop.attempt(6, 3, { cardToken: 'b' })
    expect(shop.told(12)).toEqual(['notice 5', 'resolved 9'])
  })

  test('one attempt sent again under another id is one', () => {
    const shop = given()
    const sent = { cardToken: 'a', approved: false, responseCode: '51', stan: '000001', rrn: '1' }
    for (const minute of [600, 601, 602]) shop.attempt(5, minute, sent)
    expect(shop.told(12)).toEqual([])
  })
})

test('a stage is told a minute after its instant, not before', () => {
  const due = dateText(FIRST + 20)
  const shop = given()
  const invoice = { invoiceId: 'i', feeType: 'other', amount: 5_000, currency: 'CNY', dueDate: due }
  shop.say(1, 600, { type: 'fee.invoiced', data: invoice })
  expect(shop.told(13)).toEqual(['notice 13'])
  expect(shop.told(12)).toEqual([])
  // Paid in the minute after the instant: the stage is never told.
  const paid = { invoiceId: 'i', amount: 5_000, currency: 'CNY' }
  shop.say(13, 0.2, { type: 'fee.payment.received', data: paid })
  expect(shop.told(30)).toEqual([])
})
