import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptySeenIds, isBeyond, remember, repeatOf } from '../../src/core/seen-ids.ts'
import type { Repeat, SeenIds, Sighting } from '../../src/core/seen-ids.ts'

const HOUR_MS = 3_600_000

function sighting(idHash: number, timeMs: number, more: Partial<Sighting> = {}): Sighting {
  return { idHash, timeMs, arrivedMs: timeMs, bodyHash: 7, swipe: 0, ...more }
}
function seenOf(...all: Sighting[]): SeenIds {
  const seen = emptySeenIds()
  for (const it of all) remember(seen, it)
  return seen
}

describe('an event', () => {
  const seen = seenOf(sighting(1, 1_000, { swipe: 99 }), sighting(2, 2_000))

  test.each<[Sighting, Repeat, string]>([
    [sighting(3, 1_000), 'new', 'another id'],
    [sighting(1, 1_000), 'same', 'the same'],
    [sighting(1, 9_000, { arrivedMs: 99_000 }), 'same', 'the same, later: time is in the body'],
    [sighting(1, 1_000, { bodyHash: 8 }), 'reused', 'the same id with another body'],
    [sighting(3, 1_000, { swipe: 99 }), 'same-swipe', 'another id of the same attempt'],
    [sighting(3, 1_000, { swipe: 98 }), 'new', 'another attempt'],
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
    [72 * HOUR_MS + 1, 'new', 'and then forgotten, when another comes'],
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
  const ids = Array.from({ length: 513 }, (_, at) => sighting(at + 1, 1_000 + at))

  test('the oldest by time goes, whichever came first', () => {
    const seen = seenOf(...ids.toReversed())
    expect(seen.ids.length).toBe(512)
    expect(repeatOf(seen, ids[0]!)).toBe('new')
    expect(repeatOf(seen, ids[1]!)).toBe('same')
  })

  test('one older than all of them cannot be kept, and is told apart beforehand', () => {
    const seen = seenOf(...ids.slice(1))
    expect(isBeyond(seen, 1_000)).toBe(true)
    expect(isBeyond(seen, 1_001)).toBe(false)
    expect(isBeyond(seenOf(...ids.slice(2)), 1_000)).toBe(false)
  })

  test('of one time the smaller id goes first', () => {
    const same = ids.map(({ idHash }) => sighting(idHash, 1_000))
    const seen = seenOf(...same)
    expect(repeatOf(seen, same[0]!)).toBe('new')
    expect(repeatOf(seen, same[1]!)).toBe('same')
  })
})

/** The same by a sorted list. */
function remembered(all: readonly Sighting[]): Sighting[] {
  let held: Sighting[] = []
  for (const it of all) {
    held.push(it)
    held.sort((a, b) => a.timeMs - b.timeMs || a.idHash - b.idHash)
    held = held.slice(-512)
    const oldMs = it.arrivedMs - 72 * HOUR_MS
    while (held.length > 0 && held[0]!.arrivedMs < oldMs) held.shift()
  }
  return held
}

test('holds what a sorted list would hold, late and crowded', () => {
  const step = fc.record({
    waitMs: fc.constantFrom(0, 1, 60_000, HOUR_MS, 30 * HOUR_MS),
    lateMs: fc.oneof(fc.constant(0), fc.nat(100 * HOUR_MS)),
    swipe: fc.constantFrom(0, 5, 6),
  })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(0, 500, 505, 512),
      (steps, crowd) => {
        let arrivedMs = 1_000 * HOUR_MS
        const crowded = Array.from({ length: crowd }, (_, at) => sighting(at + 1, arrivedMs + at))
        arrivedMs += 600
        const more = steps.map(({ waitMs, lateMs, swipe }, at) => {
          arrivedMs += waitMs
          return sighting(1_000 + ((at * 7_919) % 4_096), arrivedMs - lateMs, { arrivedMs, swipe })
        })
        const all = [...crowded, ...more]
        const seen = seenOf(...all)
        const held = remembered(all)
        expect([...seen.ids.slice(0, seen.ids.length)]).toEqual(held.map(({ idHash }) => idHash))
        for (const it of all) {
          const isHeld = held.some(({ idHash }) => idHash === it.idHash)
          const isSwiped = it.swipe !== 0 && held.some(({ swipe }) => swipe === it.swipe)
          expect(repeatOf(seen, it)).toBe(isHeld ? 'same' : isSwiped ? 'same-swipe' : 'new')
        }
      },
    ),
    { seed: 1, numRuns: 150 },
  )
})
