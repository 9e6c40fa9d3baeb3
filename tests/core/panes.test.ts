import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dayTo,
  emptyPanes,
  isNewestPane,
  newestDay,
  noteIssuer,
  notePane,
  paneEnds,
} from '../../src/core/panes.ts'
import type { Panes } from '../../src/core/panes.ts'

const PANE = 5_937_000

/** Attempts by pane after `PANE`; those that are negative are declines. */
function panesOf(...all: readonly number[]): Panes {
  const panes = emptyPanes()
  for (const at of all) notePane(panes, PANE + Math.abs(at), at < 0)
  return panes
}

test.each([
  [287, { n: 3, k: 1 }, 'the pane itself and the 287 before'],
  [288, { n: 1, k: 0 }, 'a pane later the oldest is out'],
  [286, { n: 2, k: 1 }, 'a pane before the newest it is not in'],
])('the day to pane %i: %o (%s)', (pane, expected) => {
  const panes = panesOf(0, 287)
  notePane(panes, PANE, true)
  expect(dayTo(panes, PANE + pane)).toEqual(expected)
})

test('the windows of an attempt end with its pane and later ones that have an attempt', () => {
  const panes = panesOf(3, 5, 290, 291, 292)
  expect(paneEnds(panes, PANE + 4).map((it) => it - PANE)).toEqual([5, 290, 291])
  expect(paneEnds(panes, PANE + 400)).toEqual([])
})

test('two days of panes are kept behind the newest', () => {
  expect(panesOf(1, 577).rows.count).toBe(1)
  expect(panesOf(2, 577).rows.count).toBe(2)
  expect(panesOf(577, 1).rows.count).toBe(1)
  expect(panesOf(577, 2).rows.count).toBe(2)
})

test('a pane counts up to 65,535', () => {
  const panes = emptyPanes()
  for (let at = 0; at < 65_540; at++) notePane(panes, PANE, true)
  expect(dayTo(panes, PANE)).toEqual({ n: 65_535, k: 65_535 })
})

test('the newest pane is known', () => {
  expect(isNewestPane(emptyPanes(), PANE)).toBe(false)
  expect(isNewestPane(panesOf(5, 3), PANE + 5)).toBe(true)
  expect(isNewestPane(panesOf(5, 3), PANE + 3)).toBe(false)
})

test('counts what a list counts, in any order', () => {
  const any = fc.array(fc.tuple(fc.nat(700), fc.boolean()), { maxLength: 60 })
  fc.assert(
    fc.property(any, (steps) => {
      const panes = emptyPanes()
      let entered: (readonly [pane: number, isDecline: boolean])[] = []
      for (const [pane, isDecline] of steps) {
        notePane(panes, PANE + pane, isDecline)
        const newest = Math.max(pane, ...entered.map(([it]) => it))
        if (pane > newest - 576) entered.push([pane, isDecline])
        entered = entered.filter(([it]) => it > newest - 576)
        for (const end of [pane, pane + 100, newest]) {
          const held = entered.filter(([it]) => it <= end && it > end - 288)
          const k = held.filter(([, it]) => it).length
          expect(dayTo(panes, PANE + end)).toEqual({ n: held.length, k })
        }
        const held = entered.filter(([it]) => it > newest - 288)
        const k = held.filter(([, it]) => it).length
        expect(newestDay(panes)).toEqual({ n: held.length, k })
      }
    }),
    { seed: 1, numRuns: 100 },
  )
})

describe('issuers', () => {
  test('of a date are kept by number, then name', () => {
    const panes = emptyPanes()
    for (const issuer of ['I2', 'I1', 'I3', 'I3', undefined]) noteIssuer(panes, 9, issuer)
    expect(panes.issuers).toEqual([
      {
        day: 9,
        declines: 5,
        by: [
          ['I3', 2],
          ['I1', 1],
          ['I2', 1],
        ],
      },
    ])
  })

  test.each([
    [[1, 2, 3, 4], [2, 3, 4], 'the newest three dates'],
    [[4, 3, 2, 1], [2, 3, 4], 'in any order'],
    [[1, 9, 20], [1, 9, 20], 'dates without a decline are none'],
  ])('on %j: %j (%s)', (days, kept) => {
    const panes = emptyPanes()
    for (const day of days) noteIssuer(panes, day, 'I1')
    expect(panes.issuers.map(({ day }) => day)).toEqual(kept)
  })

  test('are sixteen of a date, the others in its whole alone', () => {
    const panes = emptyPanes()
    for (let at = 0; at < 40; at++) noteIssuer(panes, 9, `I${at % 20}`)
    expect(panes.issuers[0]?.by).toHaveLength(16)
    expect(panes.issuers[0]?.declines).toBe(40)
  })
})
