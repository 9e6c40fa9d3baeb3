import { expect, test } from 'vitest'
import { replayRecords } from '../../src/engine/replay.ts'
import { prng } from '../support/prng.ts'
import { foldPlainly } from '../simulation/fold-plainly.ts'
import { toyDecode, toyLog, toyWording } from '../support/toy-events.ts'
import { toyFold } from '../support/toy-fold.ts'

async function* batchesOf<T>(records: readonly T[], size: number): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < records.length; at += size) yield records.slice(at, at + size)
}

test.each(Array.from({ length: 50 }, (_, seed) => seed))(
  'seed %i: says what a plain loop over all accounts says, in its order',
  async (seed) => {
    const dice = prng(seed)
    const records = toyLog(dice, 400)
    const lastMs = records.at(-1)?.timestampMs ?? 0
    const untilMs = lastMs + (dice.below(200) - 100) * 1_000
    const said: string[] = []
    const summary = await replayRecords(
      toyFold(),
      batchesOf(records, 1 + dice.below(50)),
      toyDecode,
      {
        untilMs,
        onWarning: (it) => said.push(toyWording.render(it, { lateSeconds: 0, recordedMs: 0 }).id),
        onDead: (_reason, record, line) => {
          expect(line).toBe(record.offset + 1)
          said.push(`dead|0|${record.offset}`)
        },
      },
    )
    const expected = foldPlainly({ log: [records], untilMs, marks: [] })
    expect(said).toEqual(expected.ids[0])
    expect(summary.records).toBe(expected.offsets[0])
    expect(summary.clockMs).toBe(untilMs)
  },
)

test('without an end of its own it stops at the last arrival', async () => {
  const records = toyLog(prng(3), 100)
  const none = { onWarning: () => {}, onDead: () => {} }
  const summary = await replayRecords(toyFold(), batchesOf(records, 10), toyDecode, none)
  expect(summary.records).toBe(100)
  expect(summary.clockMs).toBeLessThanOrEqual(records.at(-1)?.timestampMs ?? 0)
})
