import { describe, expect, test } from 'vitest'
import { dateText } from '../../src/fleet/civil.ts'
import type { Paper } from '../../src/fleet/planned.ts'
import { FIRST, plannedHistory } from '../support/planned-history.ts'
import type { When } from '../support/planned-history.ts'

describe('document-expiry', () => {
  const DUE = 120
  function showing() {
    const { say, told } = plannedHistory()
    const shown = (when: When, paper: Partial<Paper> = {}, at?: When) => {
      const data = { documentId: 'd', docType: 'legal-rep-id', ...paper }
      say(when, { type: 'kyc.document.updated', data }, at)
    }
    const until = (day: number) => dateText(FIRST + day)
    shown([0, 600], { validTo: until(DUE) })
    return {
      shown,
      until,
      as: (type: 'kyc.document.expiring' | 'kyc.document.rejected', day: number, to?: number) => {
        const more = to === undefined ? {} : { validTo: until(to) }
        const data = { documentId: 'd', docType: 'legal-rep-id', ...more }
        say([day, 600], { type, data })
      },
      told: (day = 230) => told('document-expiry', day),
    }
  }
  const LADDER = ['notice 30', 'warning 90', 'final-warning 113', 'consequence-due 210']

  test('climbs before its last date and is told of after ninety more', () => {
    expect(showing().told()).toEqual(LADDER)
    expect(showing().told(29)).toEqual([])
  })

  test.each([
    [29, [], 'before the first stage'],
    [31, ['notice 30', 'resolved 31'], 'after it'],
    [121, [...LADDER.slice(0, 3), 'resolved 121'], 'after its last date'],
  ])('renewed on day %i: %j', (day, expected) => {
    const shop = showing()
    shop.shown([day, 600], { validTo: shop.until(2_000) })
    expect(shop.told()).toEqual(expected)
  })

  test('renewed in time and told late', () => {
    const shop = showing()
    shop.shown([29, 600], { longTerm: true }, [40, 600])
    expect(shop.told()).toEqual(['notice 30', 'retracted 40'])
  })

  test('under review nothing is told, and a refusal lets the present be told', () => {
    const shop = showing()
    shop.shown([80, 600], { status: 'pending', validTo: shop.until(5) })
    expect(shop.told(100)).toEqual(['notice 30'])
    shop.as('kyc.document.rejected', 100)
    expect(shop.told()).toEqual(['notice 30', 'warning 100', ...LADDER.slice(2)])
  })

  test.each([
    [150, 210, 'its own date is later'],
    [185, 215, 'thirty days after the upload'],
  ])('a review since day %i keeps the consequence back until %i', (day, consequence) => {
    const shop = showing()
    shop.shown([day, 600], { status: 'pending' })
    expect(shop.told()).toEqual([...LADDER.slice(0, 3), `consequence-due ${consequence}`])
  })

  test('a word that it expires sets its date and ends no review', () => {
    const shop = showing()
    shop.shown([80, 600], { status: 'pending' })
    shop.as('kyc.document.expiring', 85, 121)
    expect(shop.told(100)).toEqual(['notice 30', 'resolved 85'])
  })

  test('another document that was shown before it does not take its place', () => {
    const shop = showing()
    shop.shown([0, 500], { documentId: 'e', longTerm: true })
    expect(shop.told()).toEqual(LADDER)
  })

  test.each([
    [{ longTerm: true }, true],
    [{ validTo: '2030-01-01' }, true],
    [{ validTo: '2026-04-30' }, false],
    [{ longTerm: true, docType: 'business-licence' }, false],
    [{ longTerm: true, status: 'pending' as const }, false],
  ])('another document %j takes its place: %j', (paper, isEnd) => {
    const shop = showing()
    shop.shown([40, 600], { documentId: 'e', ...paper })
    // The other may be told of too.
    expect(shop.told(50).includes('resolved 40')).toBe(isEnd)
  })
})

describe('network-rejected', () => {
  type Try = readonly [minute: number, code: string, card: string, issuer: string, told?: number]

  function answered(list: readonly Try[], more: Readonly<{ activated?: When }> = {}): string[] {
    const { say, told } = plannedHistory()
    const terminal = { terminalId: 'T1', serialNo: 'SN' }
    say(more.activated ?? [0, 600], { type: 'terminal.activated', data: terminal })
    for (const [at, [minute, code, card, issuerId, toldAt]] of list.entries()) {
      const common = { terminalId: 'T1', mti: '0200', amount: 1_000, currency: 'CNY', issuerId }
      const approval = { approved: code.startsWith('0') && code < '01', offline: code === '00off' }
      const data = {
        ...common,
        transactionId: `t${at}`,
        responseCode: code.slice(0, 2),
        ...approval,
      }
      const when = toldAt === undefined ? undefined : ([5, toldAt] as const)
      say([5, minute], { type: 'card.authorisation', data: { ...data, cardToken: card } }, when)
    }
    return told('network-rejected', 20)
  }
  const TWO = [
    [600, '03', 'a', 'I1'],
    [610, '97', 'b', 'I2'],
  ] as const

  test.each<readonly [string, readonly Try[], readonly string[]]>([
    ['no approval', TWO, ['final-warning 5']],
    ['the next one', [...TWO, [660, '00', 'c', 'I3']], ['final-warning 5', 'resolved 5']],
    [
      'one that a terminal gave by itself',
      [...TWO, [660, '00off', 'c', 'I3']],
      ['final-warning 5'],
    ],
    ['one before the second', [...TWO, [609, '00', 'c', 'I3']], ['final-warning 5']],
    [
      'one before the second, told after it',
      [...TWO, [605, '00', 'c', 'I3', 650]],
      ['final-warning 5'],
    ],
    [
      'an approval, and a third refusal',
      [...TWO, [612, '00', 'c', 'I3'], [615, '97', 'd', 'I4']],
      ['final-warning 5', 'resolved 5', 'final-warning 5'],
    ],
    ['just within half an hour', [TWO[0], [629.9, '58', 'b', 'I2']], ['final-warning 5']],
    ['half an hour', [TWO[0], [630, '58', 'b', 'I2']], []],
    ['one issuer', [TWO[0], [610, '97', 'b', 'I1']], []],
    ['one card', [TWO[0], [610, '97', 'a', 'I2']], []],
    ['another code', [TWO[0], [610, '51', 'b', 'I2']], []],
    ['the first told last', [[...TWO[0], 640], TWO[1]], ['final-warning 5']],
    ['approved meanwhile', [[...TWO[0], 640], TWO[1], [615, '00', 'c', 'I3']], []],
    [
      'an approval told later still',
      [[...TWO[0], 640], TWO[1], [615, '00', 'c', 'I3', 650]],
      ['final-warning 5', 'retracted 5'],
    ],
  ])('%s', (_, list, expected) => {
    expect(answered(list)).toEqual(expected)
  })

  test.each([
    [[5, 300], []],
    [[4, 601], []],
    [[4, 599], ['final-warning 5']],
  ] as const)('activated at %j: %j', (activated, expected) => {
    expect(answered(TWO, { activated })).toEqual(expected)
  })
})
