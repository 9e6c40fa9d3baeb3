import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { get32, get48 } from '../../src/core/rows.ts'
import {
  emptySeenIds,
  ID_WIDTH,
  isBeyond,
  newestArrivalMs,
  remember,
  repeatOf,
} from '../../src/core/seen-ids.ts'
import type { Repeat, SeenIds, Sighting } from '../../src/core/seen-ids.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

function sighting(idHash: number, timeMs: number, more: Partial<Sighting> = {}): Sighting {
  return { idHash, timeMs, arrivedMs: timeMs, bodyHash: 7, swipe: 0, ...more }
}
function seenOf(...all: Sighting[]): SeenIds {
  const seen = emptySeenIds()
  for (const it of all) remember(seen, it)
  return seen
}
const idsOf = ({ ids }: SeenIds) =>
  Array.from({ length: ids.count }, (_, row) => get48(ids.bytes, row * ID_WIDTH))

describe('an event', () => {
  const seen = seenOf(sighting(1, 1_000, { swipe: 99 }), sighting(2, 2_000))

  test.each<[Sighting, Repeat, string]>([
    [sighting(3, 1_000), 'new', 'another id'],
    [sighting(1 + 256, 1_000), 'new', 'an id with the same first byte'],
    [sighting(1, 1_000), 'same', 'the same'],
    [sighting(1, 9_000, { arrivedMs: 99_000 }), 'same', 'the same, later: time is in the body'],
    [sighting(1, 1_000, { bodyHash: 8 }), 'reused', 'the same id with another body'],
    [sighting(3, 1_000, { swipe: 99 }), 'same-swipe', 'another id of the same attempt'],
    [sighting(3, 1_000, { swipe: 98 }), 'new', 'another attempt'],
    [sighting(3, 27 * HOUR_MS, { swipe: 99 }), 'new', 'one that is of another date for sure'],
    [sighting(3, 1_000, { swipe: 99 + 2 ** 32 }), 'new', 'one with the same low half'],
    [sighting(0, 1_000), 'new', 'an id like an empty place'],
  ])('%o is %s (%s)', (it, repeat) => {
    expect(repeatOf(seen, it)).toBe(repeat)
  })

  test('without stan and rrn is no repeat of another without', () => {
    expect(repeatOf(seenOf(sighting(1, 1_000)), sighting(2, 1_000))).toBe('new')
  })
})

describe('72 hours after its arrival', () => {
  test.each([
    [72 * HOUR_MS, 'same', 'it is still known'],
    [72 * HOUR_MS + MINUTE_MS, 'new', 'and then forgotten, when another comes'],
  ])('%i ms: %s (%s)', (afterMs, repeat) => {
    const first = sighting(1, 1_000)
    const seen = seenOf(first, sighting(2, 1_000 + afterMs))
    expect(repeatOf(seen, first)).toBe(repeat)
  })

  test('counts from the arrival, not from the time', () => {
    const late = sighting(1, 1_000, { arrivedMs: 100 * HOUR_MS })
    const seen = seenOf(late, sighting(2, 101 * HOUR_MS))
    expect(repeatOf(seen, late)).toBe('same')
  })
})

describe('of more than 512', () => {
  const ids = Array.from({ length: 513 }, (_, at) => sighting(at + 1, (at + 1) * MINUTE_MS))

  test('the oldest by time goes, whichever came first', () => {
    const seen = seenOf(...ids.toReversed())
    expect(seen.ids.count).toBe(512)
    expect(repeatOf(seen, ids[0]!)).toBe('new')
    expect(repeatOf(seen, ids[1]!)).toBe('same')
  })

  test('one older than all of them cannot be kept, and is told apart beforehand', () => {
    const seen = seenOf(...ids.slice(1))
    expect(isBeyond(seen, MINUTE_MS)).toBe(true)
    expect(isBeyond(seen, 2 * MINUTE_MS)).toBe(false)
    expect(isBeyond(seenOf(...ids.slice(2)), MINUTE_MS)).toBe(false)
  })

  test('of one minute the smaller id goes first', () => {
    const same = ids.map(({ idHash }) => sighting(idHash, 1_000 + (idHash % 7)))
    const seen = seenOf(...same)
    expect(repeatOf(seen, same[0]!)).toBe('new')
    expect(repeatOf(seen, same[1]!)).toBe('same')
  })
})

describe('card traffic of a day before', () => {
  const of = (more: Partial<Sighting> = {}) => sighting(1, 5 * HOUR_MS, { swipe: 5, ...more })
  const after = (ms: number) => seenOf(of(), sighting(2, 5 * HOUR_MS + ms, { swipe: 6 }))
  const bare = after(24 * HOUR_MS + MINUTE_MS)

  test.each<[SeenIds, Sighting, Repeat, string]>([
    [after(24 * HOUR_MS), of({ bodyHash: 8 }), 'reused', 'to the minute its id is known'],
    [bare, of(), 'same-swipe', 'then a repeat is told by the attempt'],
    [bare, of({ idHash: 9 }), 'same-swipe', 'as one with another id is'],
    [bare, of({ swipe: 7, bodyHash: 8 }), 'new', 'an id used again for another attempt is not'],
    [bare, sighting(2, 9e9, { swipe: 6 }), 'same', 'the newest has its id'],
  ])('%# %s (%s)', (seen, it, repeat) => {
    expect(repeatOf(seen, it)).toBe(repeat)
  })

  test('keeps its id where it has no stan or rrn', () => {
    const first = sighting(1, 5 * HOUR_MS)
    const seen = seenOf(first, sighting(2, 60 * HOUR_MS, { swipe: 6 }))
    expect(repeatOf(seen, { ...first, bodyHash: 8 })).toBe('reused')
  })

  test('that comes late is as one that came in time', () => {
    const all = [of(), sighting(2, 40 * HOUR_MS, { swipe: 6 }), sighting(3, 41 * HOUR_MS)]
    const late = [all[1]!, all[2]!, of({ arrivedMs: 41 * HOUR_MS })]
    expect(idsOf(seenOf(...late))).toEqual(idsOf(seenOf(...all)))
    expect(idsOf(seenOf(...late))).toEqual([0, 2, 3])
  })
})

test('the newest arrival is known to the minute', () => {
  expect(newestArrivalMs(emptySeenIds())).toBe(0)
  const late = sighting(1, 1_000, { arrivedMs: 5 * MINUTE_MS + 1 })
  expect(newestArrivalMs(seenOf(late, sighting(2, 3 * MINUTE_MS)))).toBe(5 * MINUTE_MS)
})

describe('what is stored already', () => {
  const storedOf = (more: Sighting) => {
    const seen = seenOf(...[1, 2, 3, 4].map((at) => sighting(at, at * MINUTE_MS)))
    seen.stored = { rows: 3, forgotten: 0 }
    const isAmong = remember(seen, more)
    return [isAmong, seen.stored.rows, seen.stored.forgotten]
  }
  const late = { arrivedMs: 72 * HOUR_MS + 3 * MINUTE_MS }
  test.each<[Sighting, (boolean | number)[], string]>([
    [sighting(9, 9 * MINUTE_MS), [false, 3, 0], 'one after it leaves it alone'],
    [sighting(9, 3 * MINUTE_MS), [false, 3, 0], 'so does one just behind'],
    [sighting(9, 2 * MINUTE_MS), [true, 4, 0], 'one among it does not'],
    [sighting(9, 75 * HOUR_MS, late), [false, 1, 2], 'what is forgotten of it is counted'],
  ])('%o: %j (%s)', (more, expected) => {
    expect(storedOf(more)).toEqual(expected)
  })
})

/** The same by a sorted list. */
function remembered(all: readonly Sighting[]): Sighting[] {
  let held: Sighting[] = []
  const minute = (ms: number) => Math.floor(ms / MINUTE_MS)
  for (const it of all) {
    held.push(it)
    held.sort((a, b) => minute(a.timeMs) - minute(b.timeMs) || a.idHash - b.idHash)
    held = held.slice(-512)
    const old = minute(it.arrivedMs) - 72 * 60
    while (held.length > 0 && minute(held[0]!.arrivedMs) < old) held.shift()
  }
  return held
}

test('holds what a sorted list would hold, late and crowded', () => {
  const step = fc.record({
    waitMs: fc.constantFrom(0, 1, 60_000, HOUR_MS, 30 * HOUR_MS),
    lateMs: fc.oneof(fc.constant(0), fc.nat(100 * HOUR_MS)),
  })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(0, 500, 505, 512),
      (steps, crowd) => {
        let arrivedMs = 1_000 * HOUR_MS
        const crowded = Array.from({ length: crowd }, (_, at) => sighting(at + 1, arrivedMs + at))
        arrivedMs += 600
        const more = steps.map(({ waitMs, lateMs }, at) => {
          arrivedMs += waitMs
          return sighting(1_000 + ((at * 7_919) % 4_096), arrivedMs - lateMs, { arrivedMs })
        })
        const all = [...crowded, ...more]
        const seen = seenOf(...all)
        const held = remembered(all)
        expect(idsOf(seen)).toEqual(held.map(({ idHash }) => idHash))
        const times = idsOf(seen).map((_, row) => get32(seen.ids.bytes, row * ID_WIDTH + 8))
        expect(times).toEqual(held.map(({ timeMs }) => Math.floor(timeMs / MINUTE_MS)))
        for (const it of all) {
          const isHeld = held.some(({ idHash }) => idHash === it.idHash)
          expect(repeatOf(seen, it)).toBe(isHeld ? 'same' : 'new')
        }
      },
    ),
    { seed: 1, numRuns: 150 },
  )
})

test('among hundreds, asked each time and forgotten meanwhile, every repeat is told and nothing else', () => {
  const at = (n: number, more: Partial<Sighting> = {}) =>
    sighting((n * 2_654_435_761) % 2 ** 48, n * MINUTE_MS, {
      swipe: (n * 40_503_000_017) % 2 ** 40,
      ...more,
    })
  const seen = emptySeenIds()
  for (let n = 1; n <= 3_000; n++) {
    expect(repeatOf(seen, at(n))).toBe('new')
    remember(seen, at(n))
    const back = Math.max(1, n - ((n * 7) % 500))
    expect(repeatOf(seen, at(back))).toBe('same')
    const isOfTheDate = n - back < 24 * 60
    const again = { ...at(back), idHash: 2 ** 47 + n }
    if (isOfTheDate) expect(repeatOf(seen, again)).toBe('same-swipe')
    expect(repeatOf(seen, { ...again, swipe: 0 })).toBe('new')
  }
})
