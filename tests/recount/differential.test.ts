/** The product and the recount, on histories made to hurt: the same records in the same order. */
import { expect, test } from 'vitest'
import { recordId } from '../../src/core/ids.ts'
import { play } from '../support/watch.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { recount, RECOUNTED } from './recount.ts'
import { randomStream } from './streams.ts'
import type { Habit } from './streams.ts'

/** Those that both have. */
const BOTH = new Set(DETECTORS.map(({ name }) => name).filter((id) => RECOUNTED.includes(id)))
const SEEDS = process.env['SEED'] === undefined ? seeds(120) : [Number(process.env['SEED'])]

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1)
}

/**
 * Where the two do not agree yet, and which sentence that hangs on (README, Open differences). A seed leaves this
 * list when they do: then its test fails.
 */
const OPEN = new Map([[99, 'dormant-reactivation: the usual amounts where sales were voided']])

test.each(SEEDS)('seed %i', (seed) => {
  const { said, expected } = both(seed)
  if (OPEN.has(seed)) expect(said).not.toEqual(expected)
  else expect(said).toEqual(expected)
})

/** Streams of one habit that once differed: attempts too late for the panes are in no window of a day. */
test.each([25, 32, 39])('shares of declines, seed %i', (seed) => {
  const { said, expected } = both(seed, 'ratio')
  expect(said).toEqual(expected)
})

function both(seed: number, habit?: Habit) {
  const { lines, untilMs } = randomStream(seed, habit)
  const played = play(lines, { untilMs, isStored: seed % 4 === 0 })
  expect(played.dead).toEqual([])
  const ours = played.records.filter(({ detector }) => BOTH.has(detector))
  const said = ours.map((record) => {
    const { detector, subject, reason, stage, resolution, atMs, openedBy, merchantId } = record
    const end = resolution === undefined ? '' : ` ${resolution}`
    const id = recordId(record, reason, stage)
    return line(merchantId, atMs, detector, subject, reason + end, stage, openedBy, id)
  })
  const expected = recount(lines, { untilMs, detectors: BOTH }).map((record) => {
    const { detector, subject, reason, stage, resolution, time, openedBy, merchantId, id } = record
    const end = resolution === undefined ? '' : ` ${resolution}`
    return line(merchantId, time, detector, subject, reason + end, stage, openedBy, id)
  })
  return { said, expected }
}

function line(merchant: string, atMs: number, ...words: readonly string[]): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toString()
  return [merchant, at, ...words].join(' | ').replaceAll('\n', ' ')
}
