import { describe, expect, test } from 'vitest'
import { debtOf, noteBalance } from '../../src/core/balances.ts'
import type { Balance } from '../../src/core/balances.ts'

const MAJOR = 100

function balancesOf(...all: readonly (readonly [atMs: number, amount: number])[]): Balance[] {
  const balances: Balance[] = []
  for (const [atMs, amount] of all) noteBalance(balances, { atMs, amount }, MAJOR)
  return balances
}
/** One a minute from 1. */
const minutely = (amounts: readonly number[]) =>
  balancesOf(...amounts.map((amount, at) => [at + 1, amount] as const))
const times = (count: number, amount: number) => Array.from({ length: count }, () => amount)

describe('a debt', () => {
  test.each<[number[], { sinceMs: number; amount: number } | undefined, string]>([
    [[], undefined, 'nothing was told'],
    [[-101], { sinceMs: 1, amount: -101 }, 'just more than is ignored'],
    [[-100], undefined, 'just so much as is ignored'],
    [[-500, -50, -300], { sinceMs: 1, amount: -300 }, 'less than that in between'],
    [[-500, 0], undefined, 'made good'],
    [[-500, 0, -400], { sinceMs: 3, amount: -400 }, 'made good and fallen again'],
  ])('%j: %j (%s)', (amounts, expected) => {
    expect(debtOf(minutely(amounts), MAJOR, Infinity)).toEqual(expected)
  })

  test('is that of an instant, exclusive', () => {
    const balances = minutely([-500, 0])
    expect(debtOf(balances, MAJOR, 1)).toBeUndefined()
    expect(debtOf(balances, MAJOR, 2)).toEqual({ sinceMs: 1, amount: -500 })
    expect(debtOf(balances, MAJOR, 3)).toBeUndefined()
  })

  test('counts by time, whatever the order it is told in', () => {
    const told = balancesOf([3, -400], [1, -500], [2, 0])
    expect(debtOf(told, MAJOR, Infinity)).toEqual({ sinceMs: 3, amount: -400 })
  })
})

describe('of more than 48', () => {
  test.each<[number[], number, string]>([
    [times(200, -500), 1, 'the beginning of a debt stays'],
    [[...times(30, 10), ...times(200, -500)], 31, 'what was before it goes first'],
    [[-50, ...times(200, -500)], 2, 'a balance just below zero begins none'],
    [[...times(200, -500), 10, -700], 202, 'a debt that was made good is forgotten as any other'],
  ])('%# since %i (%s)', (amounts, sinceMs) => {
    const balances = minutely(amounts)
    expect(balances).toHaveLength(48)
    expect(debtOf(balances, MAJOR, Infinity)?.sinceMs).toBe(sinceMs)
  })

  test('the oldest goes', () => {
    const balances = minutely([...times(48, 10), 20])
    expect([balances[0]!.atMs, balances.at(-1)!.atMs]).toEqual([2, 49])
  })
})
