/** The product and the recount, on histories made to hurt: the same records in the same order. */
import { expect, test } from 'vitest'
import { recordId } from '../../src/core/ids.ts'
import { play } from '../support/watch.ts'
import { recount } from './recount.ts'
import { randomStream } from './streams.ts'

const SEEDS = process.env['SEED'] === undefined ? seeds(120) : [Number(process.env['SEED'])]

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1)
}

test.each(SEEDS)('seed %i', (seed) => {
  const { lines, untilMs } = randomStream(seed)
  const played = play(lines, { untilMs, isStored: seed % 4 === 0 })
  expect(played.dead).toEqual([])
  const said = played.records.map((record) => {
    const { detector, subject, reason, stage, resolution, atMs, openedBy, merchantId } = record
    const end = resolution === undefined ? '' : ` ${resolution}`
    const id = recordId(record, reason, stage)
    return line(merchantId, atMs, detector, subject, reason + end, stage, openedBy, id)
  })
  const expected = recount(lines, { untilMs }).map((record) => {
    const { detector, subject, reason, stage, resolution, time, openedBy, merchantId, id } = record
    const end = resolution === undefined ? '' : ` ${resolution}`
    return line(merchantId, time, detector, subject, reason + end, stage, openedBy, id)
  })
  expect(said).toEqual(expected)
})

function line(merchant: string, atMs: number, ...words: readonly string[]): string {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toString()
  return [merchant, at, ...words].join(' | ').replaceAll('\n', ' ')
}
