import { describe, expect, test } from 'vitest'
import { plusDays } from './civil.ts'
import { activated, bridge, inArrival, line, registered, sale, salesDaily, told } from './given.ts'

const SHOP = [registered('2026-02-01 08:00'), activated('2026-02-01 08:30')]

function refund(when: string, amount: number, data: object = {}, options = {}): string {
  const money = { amount, currency: 'CNY', matched: false }
  const all = { transactionId: `rf ${when}`, terminalId: 'T1', ...money, ...data }
  return line('card.refund', when, all, options)
}

describe('18: refunds of nothing', () => {
  const opened = (when: string) => [`${when} unmatched-refund account opened warning`]

  test.each([
    { name: 'a: one of 600.00', refunds: [['10:00', 60_000]], at: '10:00' },
    { name: 'a: one of 499.99', refunds: [['10:00', 49_999]], at: undefined },
    {
      name: 'b: three of 100.00',
      refunds: [
        ['10:00', 10_000],
        ['11:00', 10_000],
        ['12:00', 10_000],
      ],
      at: '12:00',
    },
    {
      name: 'c: two of 100.00',
      refunds: [
        ['10:00', 10_000],
        ['11:00', 10_000],
      ],
      at: undefined,
    },
  ] as const)('$name', ({ refunds, at }) => {
    const lines = refunds.map(([time, amount]) => refund(`2026-03-10 ${time}`, amount))
    const expected = at === undefined ? [] : opened(`2026-03-10 ${at}`)
    expect(told(inArrival(SHOP, lines), '2026-03-10')).toEqual(expected)
  })

  test.each([
    { name: 'matched', data: { matched: true }, options: {} },
    { name: 'known after 72 hours', data: {}, options: { arrives: '2026-03-13 10:00:01' } },
    { name: 'in other money', data: { currency: 'USD' }, options: {} },
  ])('d: one that is $name says nothing', ({ data, options }) => {
    const lines = inArrival(SHOP, refund('2026-03-10 10:00', 60_000, data, options))
    expect(told(lines, '2026-03-14')).toEqual([])
  })

  test('soon after a migration it is a notice, and ends after two quiet days', () => {
    const moved = line('merchant.profile-changed', '2026-02-02 10:00', { migratedAt: '2026-02-01' })
    expect(told(inArrival(SHOP, moved, refund('2026-03-10 10:00', 50_000)), '2026-03-14')).toEqual([
      '2026-03-10 10:00 unmatched-refund account opened notice',
      '2026-03-13 00:00 unmatched-refund account resolved cleared',
    ])
  })
})

describe('11: a kiosk on which cards are tried', () => {
  const CODES = ['14', '54']

  function attempts(): string[] {
    return Array.from({ length: 24 }, (_, index) => {
      const seconds = 130 * 60 + index * 30 - 2 * 3600
      const [minute, second] = [Math.floor(seconds / 60), seconds % 60].map((part) => {
        return String(part).padStart(2, '0')
      })
      const isDeclined = index % 4 < 3
      const answer = isDeclined ? { approved: false, responseCode: CODES[index % 2] } : {}
      const card = { cardToken: `K${index}`, issuerId: `I${index % 5}` }
      const options = { amount: 100, data: { ...answer, ...card } }
      return sale(`2026-06-03 02:${minute}:${second}`, options)
    })
  }

  test('says so at the twentieth attempt', () => {
    const lines = inArrival(
      SHOP.map((text) => text.replace('5411', '7542')),
      salesDaily('2026-03-01', '2026-06-02', 1),
      attempts(),
      salesDaily('2026-06-03', '2026-06-06', 1),
    )
    expect(told(lines, '2026-06-06')).toEqual([
      '2026-06-03 02:19 card-testing account opened warning',
      '2026-06-03 02:19 decline-ratio-spike account opened notice',
      '2026-06-06 00:00 card-testing account resolved cleared',
      '2026-06-06 00:00 decline-ratio-spike account resolved cleared',
    ])
  })
})

describe('14: two cards at night, in large round amounts', () => {
  const NIGHT = ['22:00', '22:10', '22:20', '22:30', '22:40', '22:50']
  const SELLER = SHOP.map((text) => text.replace('5411', '5722'))

  function nights(days: readonly string[]): string[] {
    return days.flatMap((day) => {
      return NIGHT.map((time, index) => {
        const data = { cardToken: `K${index % 2}` }
        return sale(`${day} ${time}`, { amount: 500_000, data })
      })
    })
  }

  function tenOf(major: number, day: string): string[] {
    return Array.from({ length: 10 }, (_, hour) => {
      return sale(`${day} ${hour + 10}:00`, { amount: major * 100 })
    })
  }

  function daysFrom(day: string, days: number): string[] {
    return Array.from({ length: days }, (_, index) => plusDays(day, index))
  }

  test('are repeats at the fifth sale, and round on the second night', () => {
    const usual = daysFrom('2026-02-02', 100).flatMap((day) => tenOf(200, day))
    const said = told(inArrival(SELLER, usual, nights(['2026-05-11', '2026-05-12'])), '2026-05-12')
    expect(said).toEqual([
      '2026-05-11 22:00 volume-spike account opened notice',
      '2026-05-11 22:20 volume-spike account raised warning',
      '2026-05-11 22:40 repeat-card account opened notice',
      '2026-05-12 22:30 round-amount account opened warning',
      '2026-05-12 22:40 repeat-card account raised warning',
    ])
  })

  test.each([
    { when: '2026-05-11 22:56', resolution: '2026-05-11 22:56 repeat-card account retracted' },
    { when: undefined, resolution: '2026-05-14 00:00 repeat-card account resolved cleared' },
  ])('a void at $when decides how it ends', ({ when, resolution }) => {
    const sales = NIGHT.slice(0, 3).map((time, index) => {
      const data = { cardToken: 'K1', transactionId: `night-${index}` }
      return sale(`2026-05-11 ${time}`, { amount: 5_000, data })
    })
    const original = { originalTransactionId: 'night-1', sameDay: true }
    const undone = when === undefined ? [] : [line('card.void', when, original)]
    const shop = [...SELLER, bridge('2026-02-20', '2026-05-14')].flat()
    expect(told(inArrival(shop, sales, undone), '2026-05-14')).toEqual([
      '2026-05-11 22:20 repeat-card account opened notice',
      resolution,
    ])
  })

  test('a canteen sells to the same cards every day', () => {
    const canteen = SHOP.map((text) => text.replace('5411', '5814'))
    const said = told(inArrival(canteen, nights(['2026-02-03'])), '2026-02-04')
    expect(said).toEqual([])
  })
})
