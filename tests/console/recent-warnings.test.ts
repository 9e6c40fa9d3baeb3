import { describe, expect, test } from 'vitest'
import { createRecentWarnings, masked } from '../../src/console/recent-warnings.ts'
import { SILENT } from '../../src/core/observer.ts'
import { warningRecord } from '../support/warning-record.ts'
import { givenStatus, tellSome } from './given-status.ts'

describe('recent warnings', () => {
  test('keeps the newest 200, newest first', () => {
    const { observer, newest, totals } = createRecentWarnings(SILENT)
    for (let at = 1; at <= 250; at++) {
      observer.warning(warningRecord({ sequence: at, atMs: at }), undefined)
    }
    expect(newest()).toHaveLength(200)
    expect(newest()[0]?.atMs).toBe(250)
    expect(newest().at(-1)?.atMs).toBe(51)
    expect(totals().told.notice).toBe(250)
  })

  test('counts a record once that is decided again after a reload', () => {
    const { observer, newest, totals } = createRecentWarnings(SILENT)
    for (const merchantId of ['M1', 'M1', 'M2']) {
      observer.warning(warningRecord({ merchantId }), undefined)
    }
    expect([newest().length, totals().told.notice]).toEqual([2, 2])
  })

  test('totals tell stages, ends and refusals apart', () => {
    const { observer, recent } = givenStatus()
    tellSome(observer)
    expect(recent.totals()).toEqual({
      told: { notice: 3, warning: 1, 'final-warning': 1, 'consequence-due': 1 },
      ...{ resolved: 1, retracted: 0, applied: 1_234_567 },
      deadLetters: [
        ['card-data', 3],
        ['json-invalid', 1],
      ],
    })
  })

  test('passes on what it hears', () => {
    const heard: string[] = []
    const { observer } = createRecentWarnings({
      ...SILENT,
      warning: ({ detector }) => heard.push(detector),
      deadLetter: (code) => heard.push(code),
      outcome: (outcome, count) => heard.push(`${outcome} ${count}`),
      commit: (outcome) => heard.push(outcome),
    })
    tellSome(observer)
    observer.commit('refused', 1)
    expect(heard).toHaveLength(7 + 1 + 4 + 1)
  })
})

describe('masked', () => {
  test.each([
    ['M1000042', '…0042'],
    ['M1', '…1'],
    ['12345', '…45'],
    ['A', '…'],
    ['', '…'],
  ])('%s becomes %s', (id, expected) => expect(masked(id)).toBe(expected))
})
