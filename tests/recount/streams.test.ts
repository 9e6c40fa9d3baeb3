import { describe, expect, test } from 'vitest'
import { decode } from '../../src/events/decode.ts'
import { msOf } from './civil.ts'
import { rank, type Stage } from './measure.ts'
import { recount, type RecountRecord } from './recount.ts'
import { HABITS, randomStream } from './streams.ts'

const SEEDS = [1, 2, 3, 4, 5, 6]
const streams = [
  ...SEEDS.map((seed) => ({ name: `seed ${seed}`, ...randomStream(seed, 'silence') })),
  ...HABITS.slice(2).map((habit) => ({ name: habit, ...randomStream(7, habit) })),
]

describe.each(streams)('a random stream, $name', ({ lines, untilMs }) => {
  const records = recount(lines, { untilMs })

  test('is valid and arrives in order', () => {
    const encoder = new TextEncoder()
    const kinds = lines.map((line, index) => {
      const value = encoder.encode(line)
      const place = { offset: index, key: undefined, headers: [], timestampMs: undefined }
      const decoded = decode({ ...place, value }, { keyOptional: true })
      return decoded.kind === 'event' ? 'event' : decoded
    })
    expect(kinds.filter((kind) => kind !== 'event')).toEqual([])
    const arrivals = lines.map((line) => msOf(JSON.parse(line).receivedat))
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b))
  })

  test('opens, climbs and ends every episode once', () => {
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length)
    for (const episode of Map.groupBy(records, episodeOf).values()) {
      expect(faultOf(episode)).toBe('')
    }
  })

  test('says the same when what is told in time is told twice', () => {
    const twice = lines.flatMap((line) => {
      const { time, receivedat } = JSON.parse(line)
      const isHeld = msOf(receivedat) - msOf(time) < 48 * 3_600_000
      return isHeld ? [line, line] : [line]
    })
    expect(recount(twice, { untilMs })).toEqual(records)
  })
})

test('the same seed gives the same bytes, and another seed others', () => {
  expect(randomStream(11, 'fees')).toEqual(randomStream(11, 'fees'))
  expect(randomStream(12, 'fees')).not.toEqual(randomStream(11, 'fees'))
})

function episodeOf({ id }: RecountRecord): string {
  return id.slice(0, 26)
}

function faultOf(episode: readonly RecountRecord[]): string {
  const reasons = episode.map(({ reason }) => reason).join(' ')
  if (!/^opened( raised)*( resolved| retracted)?$/.test(reasons)) return reasons
  const told = episode.filter(({ reason }) => reason === 'opened' || reason === 'raised')
  const ranks = told.map(({ stage }: { stage: Stage }) => rank(stage))
  const isClimbing = ranks.every((value, index) => index === 0 || value > (ranks[index - 1] ?? 0))
  const first = episode[0]
  const isNamed = episode.every(({ openedAtMs }) => openedAtMs === first?.time)
  return isClimbing && isNamed ? '' : JSON.stringify(episode)
}
