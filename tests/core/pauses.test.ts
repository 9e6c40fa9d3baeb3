import { describe, expect, test } from 'vitest'
import { breakPause, emptyPauses, mendPause, pausesOf, tellPause } from '../../src/core/pauses.ts'
import type { PauseFact } from '../../src/core/pauses.ts'
import { dayFromDate } from '../../src/core/time.ts'

const day = (text: string) => dayFromDate(Temporal.PlainDate.from(`2026-${text}`))
let clock = 0
const declared = (from: string, to: string, atMs = ++clock): PauseFact => ({
  ...{ kind: 'declared', atMs, from: day(from), to: day(to) },
})
const ended = (on: string, atMs = ++clock): PauseFact => ({ kind: 'ended', atMs, on: day(on) })

const short = (on: number) =>
  Temporal.PlainDate.from('1970-01-01').add({ days: on }).toString().slice(5)

/** `from..end`, with a bar where it was cut short. */
function pauses(told: readonly PauseFact[], months = 12, beforeMs = Infinity): string[] {
  const facts = emptyPauses()
  for (const fact of told) tellPause(facts, fact)
  return pausesOf(facts, months, beforeMs).map(({ from, end, isCut }) => {
    return `${short(from)}..${short(end)}${isCut ? '|' : ''}`
  })
}

describe('declarations', () => {
  test.each<[PauseFact[], string[], string]>([
    [[], [], 'none'],
    [[declared('03-01', '03-31')], ['03-01..03-31'], 'one'],
    [[declared('03-01', '03-01')], ['03-01..03-01'], 'of a day'],
    [
      [declared('06-01', '06-30'), declared('03-01', '03-31')],
      ['03-01..03-31', '06-01..06-30'],
      'two, by their dates',
    ],
    [
      [declared('03-01', '03-31'), declared('04-01', '04-15')],
      ['03-01..04-15'],
      'one that adjoins an earlier prolongs it',
    ],
    [
      [declared('03-01', '03-31'), declared('04-02', '04-15')],
      ['03-01..03-31', '04-02..04-15'],
      'a day between, and they are two',
    ],
    [
      [declared('03-01', '03-31'), declared('03-10', '03-20')],
      ['03-01..03-20'],
      'one that overlaps replaces the end, earlier too',
    ],
    [
      [declared('03-10', '03-31'), declared('03-01', '03-20')],
      ['03-01..03-20'],
      'and keeps the earlier beginning',
    ],
    [[declared('03-01', '03-31'), ended('03-15')], ['03-01..03-15|'], 'ended that day'],
    [[declared('03-01', '03-31'), ended('04-01')], ['03-01..03-31'], 'ended after it was over'],
    [[declared('03-01', '03-31'), ended('02-01')], [], 'ended before it began'],
    [
      [declared('03-01', '03-31', 20), ended('03-15', 10)],
      ['03-01..03-31'],
      'an end told before the declaration is none of its own',
    ],
    [
      [ended('03-15', 20), declared('03-01', '03-31', 10)],
      ['03-01..03-15|'],
      'what counts is when it was told, not when it was heard of',
    ],
    [
      [declared('03-01', '03-31'), ended('03-15'), declared('03-16', '03-20')],
      ['03-01..03-20'],
      'taken up again',
    ],
  ])('%# → %j (%s)', (told, expected) => {
    expect(pauses(told)).toEqual(expected)
  })

  test('last so many months at most', () => {
    expect(pauses([declared('01-31', '12-31')], 1)).toEqual(['01-31..02-28'])
    expect(pauses([declared('01-31', '02-27')], 1)).toEqual(['01-31..02-27'])
  })

  test('are known from their instant on', () => {
    const told = [declared('03-01', '03-31', 100)]
    expect(pauses(told, 12, 100)).toEqual([])
    expect(pauses(told, 12, 101)).toEqual(['03-01..03-31'])
  })

  test('are sixteen at most, the newest', () => {
    const many = Array.from({ length: 17 }, (_, at) => {
      const date = `01-${String(at + 1).padStart(2, '0')}`
      return declared(date, date, 1_000 + at)
    })
    expect(pauses(many)).toEqual(['01-02..01-17'])
  })
})

describe('a sale', () => {
  const of = (...told: PauseFact[]) => {
    const facts = emptyPauses()
    for (const fact of told) tellPause(facts, fact)
    return facts
  }
  const end = (facts: ReturnType<typeof of>) =>
    pausesOf(facts, 12, Infinity).map((it) => short(it.end))

  test.each([
    ['02-28', false, '03-31', 'the day before'],
    ['03-01', true, '03-01', 'the first day'],
    ['03-31', true, '03-31', 'the last day'],
    ['04-01', false, '03-31', 'the day after'],
  ])('on %s: ends it %s, on %s (%s)', (on, isBroken, expected) => {
    const facts = of(declared('03-01', '03-31', 1))
    expect(breakPause(facts, day(on), 50)).toBe(isBroken)
    expect(end(facts)).toEqual([expected])
  })

  test('that is heard of later and lies before ends it earlier', () => {
    const facts = of(declared('03-01', '03-31', 1))
    expect(breakPause(facts, day('03-20'), 50)).toBe(true)
    expect(breakPause(facts, day('03-10'), 40)).toBe(true)
    expect(end(facts)).toEqual(['03-10'])
  })

  test('that was undone never ended it', () => {
    const facts = of(declared('03-01', '03-31', 1))
    breakPause(facts, day('03-20'), 50)
    expect(mendPause(facts, day('03-20'))).toBe(true)
    expect(mendPause(facts, day('03-20'))).toBe(false)
    expect(end(facts)).toEqual(['03-31'])
  })

  test('ended what was declared before it, not what is declared after it', () => {
    const facts = of(declared('03-01', '03-31', 1))
    breakPause(facts, day('03-10'), 50)
    tellPause(facts, declared('03-11', '04-30', 60))
    expect(end(facts)).toEqual(['04-30'])
  })

  test('without any pause is no matter', () => {
    expect(breakPause(emptyPauses(), day('03-10'), 50)).toBe(false)
  })
})
