/** Histories of what cards, amounts and refunds tell; each list is complete. */
import { describe, expect, test } from 'vitest'
import { episodeId } from '../../src/core/ids.ts'
import { shopDay } from '../support/history.ts'
import type { history } from '../support/history.ts'
import { play } from '../support/watch.ts'
import { baseShop, said } from './base-shop.ts'

type Shop = ReturnType<typeof history>

/** A local time so many minutes after another. */
const later = (local: string, minutes: number): string =>
  Temporal.PlainDateTime.from(local).add({ minutes }).toString()

test('a list of cards tried out at a kiosk by night', () => {
  const shop = baseShop({
    trades: () => true,
    profile: { mcc: '7542' },
    from: '2026-04-01',
    until: '2026-06-06',
    day: (it, date) => {
      for (let at = 0; at < 96; at++) {
        const local = later(`${date}T00:00`, at * 15)
        const isQuiet = local >= '2026-06-03T01:00' && local <= '2026-06-03T04:00:00'
        if (!isQuiet) it.sells(local, { amount: 1_200 + at * 10 })
      }
      for (const time of ['11:07', '16:07']) it.sells(`${date}T${time}`, { responseCode: '51' })
    },
  })
  for (let at = 0; at < 24; at++) {
    const seconds = String((at % 2) * 30).padStart(2, '0')
    const minute = String(10 + Math.floor(at / 2)).padStart(2, '0')
    const responseCode = at % 4 === 3 ? '00' : at % 2 === 0 ? '14' : '54'
    const issuerId = `I${at % 5}`
    shop.sells(`2026-06-03T02:${minute}:${seconds}`, { amount: 100, responseCode, issuerId })
  }
  expect(said(shop, '2026-06-06')).toEqual([
    '2026-06-03 02:19:30 card-testing account opened warning',
    '2026-06-03 02:19:30 decline-ratio-spike account opened notice',
    '2026-06-06 card-testing account resolved cleared',
    '2026-06-06 decline-ratio-spike account resolved cleared',
  ])
  const { records } = play(shop.lines())
  expect(new Set(records.flatMap(({ audience }) => audience))).toEqual(new Set(['operator']))
  expect(records[0]).toMatchObject({ value: 15, k: 15, n: 20, seen: { isMicro: 'yes' } })
})

test('cards turned into cash by night', () => {
  const amounts = [100, 120, 150, 180, 200, 210, 220, 250, 270, 300]
  const shop = baseShop({
    trades: () => true,
    from: '2026-02-10',
    until: '2026-05-15',
    profile: { mcc: '5722', scale: 5_500_000 },
    day: (it, date) => {
      for (const [at, amount] of amounts.entries()) {
        const local = later(`${date}T09:30`, at * 60)
        it.sells(local, { amount: amount * 100, cardType: 'credit' })
      }
      for (const time of ['11:07', '16:07']) it.sells(`${date}T${time}`, { responseCode: '51' })
      if (date < '2026-05-11') return
      for (let at = 0; at < 6; at++) {
        const cardToken = `h1:K${1 + (at % 2)}`
        const card = { cardToken, cardType: 'credit' }
        it.sells(later(`${date}T22:00`, at * 10), { amount: 500_000, ...card })
      }
    },
  })
  expect(said(shop, '2026-05-15')).toEqual([
    '2026-05-11 22:00 volume-spike account opened notice',
    '2026-05-11 22:20 volume-spike account raised warning',
    '2026-05-11 22:40 repeat-card account opened notice',
    '2026-05-12 22:30 round-amount account opened warning',
    '2026-05-12 22:40 repeat-card account raised warning',
  ])
})

test('a wholesaler’s round amounts, explained', () => {
  const isWorkday = (date: string) =>
    Temporal.PlainDate.from(date).dayOfWeek <= 5 && date !== '2026-06-19'
  const shop = baseShop({
    trades: isWorkday,
    from: '2026-06-01',
    until: '2026-08-31',
    profile: { mcc: '5065', scale: 50_000_000 },
    day: (it, date) => {
      for (const [at, amount] of [3_000, 4_000, 6_000, 8_000].entries()) {
        const card = { cardToken: `h1:w${at}`, cardType: 'credit' }
        it.sells(later(`${date}T10:00`, at * 60), { amount: amount * 100, ...card })
      }
    },
  })
  const [opened] = play(shop.lines()).records
  const accepted = { warningId: episodeId(opened!), outcome: 'accepted' }
  shop.tell('2026-06-15T14:00', 'information.submitted', accepted)
  expect(said(shop, '2026-08-31')).toEqual([
    '2026-06-03 11:00 round-amount account opened notice',
    '2026-06-15 14:00 round-amount account resolved reviewed',
  ])
})

describe('refunds without a sale', () => {
  const refundsOf = (...all: readonly (readonly [time: string, amount: number])[]) => {
    const shop = baseShop({ trades: () => true, from: '2026-05-01', until: '2026-06-10' })
    for (const [at, [time, amount]] of all.entries()) {
      const data = { transactionId: `r${at}`, terminalId: 'T1', amount, currency: 'CNY' }
      shop.tell(`2026-06-10T${time}`, 'card.refund', { ...data, matched: false })
    }
    return shop
  }

  test.each([
    [refundsOf(['15:00', 60_000]), '15:00', 'a large one'],
    [refundsOf(['14:00', 10_000], ['15:00', 10_000], ['16:00', 10_000]), '16:00', 'three'],
  ])('%#: told at %s (%s)', (shop, time) => {
    expect(said(shop, '2026-06-10')).toEqual([
      `2026-06-10 ${time} unmatched-refund account opened warning`,
    ])
  })

  test('two small ones, or one that has its sale, are nothing', () => {
    expect(said(refundsOf(['14:00', 10_000], ['15:00', 10_000]), '2026-06-10')).toEqual([])
    const shop = refundsOf()
    const data = { transactionId: 'r', terminalId: 'T1', amount: 30_000, currency: 'CNY' }
    shop.tell('2026-06-10T15:00', 'card.refund', { ...data, matched: true })
    expect(said(shop, '2026-06-10')).toEqual([])
  })
})

describe('the network refuses', () => {
  /** On 15 June nobody pays between 11:10 and noon. */
  const shopThat = (tell: (shop: Shop) => void) => {
    const shop = baseShop({
      trades: (date) => date !== '2026-06-15',
      from: '2026-05-01',
      until: '2026-06-15',
    })
    for (let at = 0; at < 40; at++) {
      const local = later('2026-06-15T09:00', at * 18)
      if (local <= '2026-06-15T11:10' || local >= '2026-06-15T12:00') shop.sells(local)
    }
    tell(shop)
    return shop
  }
  const refuses = (time: string, responseCode: string, issuerId: string) => (shop: Shop) =>
    shop.sells(`2026-06-15T${time}`, { responseCode, issuerId })
  const two = (shop: Shop) => {
    refuses('11:00', '03', 'I1')(shop)
    refuses('11:10', '97', 'I2')(shop)
  }

  test('two issuers: the account itself, until the next approval', () => {
    const shop = shopThat(two)
    expect(said(shop, '2026-06-15')).toEqual([
      '2026-06-15 11:10 network-rejected account opened final-warning',
      '2026-06-15 12:00 network-rejected account resolved cleared',
    ])
    expect(play(shop.lines()).records[0]?.audience).toEqual(['merchant', 'operator'])
  })

  test.each<[string, (shop: Shop) => void]>([
    [
      'three cards of one issuer',
      (shop) => {
        for (const time of ['11:00', '11:05', '11:10']) refuses(time, '03', 'I1')(shop)
      },
    ],
    [
      'five hours after the terminal was activated',
      (shop) => {
        shop.activates('2026-06-15T06:00')
        two(shop)
      },
    ],
    [
      'forty minutes apart',
      (shop) => {
        refuses('11:00', '03', 'I1')(shop)
        refuses('11:40', '97', 'I2')(shop)
      },
    ],
  ])('not for %s', (_what, tell) => {
    expect(said(shopThat(tell), '2026-06-15')).toEqual([])
  })
})

test('shops with a favourite card or two say nothing', () => {
  const shop = baseShop({
    trades: () => true,
    from: '2026-05-01',
    until: '2026-06-30',
    day: (it, date) => {
      shopDay(it, date)
      for (const time of ['12:01', '19:01']) {
        it.sells(`${date}T${time}`, { cardToken: 'h1:regular', amount: 12_800 })
      }
    },
  })
  expect(said(shop, '2026-06-30')).toEqual([])
})
