/** What the engine relies on in any `EventLog` that has partitions and members. */
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EventLog, LogReader } from '../../src/core/ports.ts'
import { createRecorder, type Recorder } from '../support/recorder.ts'

export type EventLogUnderTest = Readonly<{
  /** Each call a further member of one group. */
  member: () => EventLog
  /** Appends in order and resolves when that is durable. */
  produce: (partition: number, values: readonly string[]) => Promise<void>
}>

const numbers = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `v${from + i}`)

/** `create` gives an empty log with this many partitions. */
export function eventLogContract(
  name: string,
  create: (partitionCount: number) => Promise<EventLogUnderTest>,
): void {
  const join = async (log: EventLogUnderTest, recorder: Recorder): Promise<LogReader> => {
    const reader = await log.member().consume(recorder.listener)
    onTestFinished(() => reader.close())
    return reader
  }

  describe(`EventLog: ${name}`, () => {
    test('knows its partitions and tells the assignment before anything else', async () => {
      const log = await create(3)
      await log.produce(0, ['v0'])
      const recorder = createRecorder()
      await join(log, recorder)
      expect(await log.member().partitionCount()).toBe(3)
      expect(recorder.assignments.map((a) => a.toSorted())).toEqual([[0, 1, 2]])
    })

    test('a partition gives nothing before it is started, and then from the offset said', async () => {
      const log = await create(2)
      await log.produce(0, numbers(0, 20))
      await log.produce(1, numbers(0, 20))
      const recorder = createRecorder()
      const reader = await join(log, recorder)
      reader.start(1, 7)
      await recorder.until(() => recorder.position(1) === 20)
      expect(recorder.values(1)).toEqual(numbers(7, 13))
      expect(recorder.values(0)).toEqual([])
      reader.start(0, 19)
      await recorder.until(() => recorder.position(0) === 20)
      expect(recorder.values(0)).toEqual(['v19'])
    })

    test('resume does not start what was never started', async () => {
      const log = await create(2)
      await log.produce(0, numbers(0, 3))
      await log.produce(1, numbers(0, 3))
      const recorder = createRecorder()
      const reader = await join(log, recorder)
      reader.resume(0)
      reader.start(1, 0)
      await recorder.until(() => recorder.position(1) === 3)
      expect(recorder.values(0)).toEqual([])
    })

    test('a record carries offset, key, value and time', async () => {
      const log = await create(1)
      const before = Date.now()
      await log.produce(0, ['v0', 'v1'])
      const recorder = createRecorder()
      const reader = await join(log, recorder)
      reader.start(0, 0)
      await recorder.until(() => recorder.position(0) === 2)
      const records = recorder.batches.flatMap((seen) => seen.records)
      expect(records.map((r) => r.offset)).toEqual([0, 1])
      expect(records.map((r) => Buffer.from(r.key ?? []).toString())).toEqual(['k', 'k'])
      expect(records[0]?.timestampMs).toBeGreaterThanOrEqual(before - 1_000)
      expect(records[0]?.headers.map(([key, value]) => [key, String(Buffer.from(value))])).toEqual([
        ['h', 'x'],
      ])
    })

    test('batches follow each other without a gap, also those appended later', async () => {
      const log = await create(1)
      await log.produce(0, numbers(0, 700))
      const recorder = createRecorder()
      const reader = await join(log, recorder)
      reader.start(0, 0)
      await recorder.until(() => recorder.position(0) === 700)
      await log.produce(0, numbers(700, 5))
      await recorder.until(() => recorder.position(0) === 705)
      expect(recorder.values(0)).toEqual(numbers(0, 705))
      for (const seen of recorder.batches) {
        expect(seen.nextOffset).toBe((seen.records.at(-1)?.offset ?? 0) + 1)
      }
    })

    test('a promise of the listener holds the next batch back', async () => {
      const log = await create(1)
      let inFlight = 0
      let inFlightMax = 0
      const recorder = createRecorder(async () => {
        inFlightMax = Math.max(inFlightMax, (inFlight += 1))
        await new Promise(setImmediate)
        inFlight -= 1
      })
      const reader = await join(log, recorder)
      reader.start(0, 0)
      for (let i = 0; i < 5; i += 1) await log.produce(0, numbers(i * 300, 300))
      await recorder.until(() => recorder.position(0) === 1_500)
      expect(inFlightMax).toBe(1)
      expect(recorder.values(0)).toEqual(numbers(0, 1_500))
    })

    test('a paused partition gives nothing, and goes on where it was', async () => {
      const log = await create(2)
      await log.produce(0, numbers(0, 5))
      const recorder = createRecorder()
      const reader = await join(log, recorder)
      reader.start(0, 0)
      reader.start(1, 0)
      await recorder.until(() => recorder.position(0) === 5)
      reader.pause(0)
      await log.produce(0, numbers(5, 5))
      await log.produce(1, ['v0'])
      await recorder.until(() => recorder.position(1) === 1)
      expect(recorder.position(0)).toBe(5)
      reader.resume(0)
      await recorder.until(() => recorder.position(0) === 10)
      expect(recorder.values(0)).toEqual(numbers(0, 10))
    })

    test('pausing inside a batch lets that one pass and no other', async () => {
      const log = await create(2)
      let reader: LogReader | undefined
      const recorder = createRecorder((seen) => {
        if (seen.partition === 0) reader?.pause(0)
      })
      reader = await join(log, recorder)
      reader.start(0, 0)
      reader.start(1, 0)
      await log.produce(0, numbers(0, 2))
      await recorder.until(() => recorder.position(0) > 0)
      await log.produce(0, numbers(2, 2))
      await log.produce(1, ['v0'])
      await recorder.until(() => recorder.position(1) === 1)
      expect(recorder.batches.filter((seen) => seen.partition === 0)).toHaveLength(1)
    })

    test('started again at an earlier offset, it gives those records again', async () => {
      const log = await create(1)
      await log.produce(0, numbers(0, 10))
      const recorder = createRecorder()
      const reader = await join(log, recorder)
      reader.start(0, 0)
      await recorder.until(() => recorder.position(0) === 10)
      reader.pause(0)
      reader.start(0, 4)
      await recorder.until(() => recorder.values(0).length === 16)
      expect(recorder.values(0)).toEqual([...numbers(0, 10), ...numbers(4, 6)])
    })

    test('started elsewhere inside a batch, it goes on there', async () => {
      const log = await create(1)
      await log.produce(0, numbers(0, 10))
      let reader: LogReader | undefined
      const recorder = createRecorder(() => {
        if (recorder.batches.length === 1) reader?.start(0, 8)
      })
      reader = await join(log, recorder)
      reader.start(0, 0)
      await recorder.until(() => recorder.batches.length === 2)
      expect(recorder.batches[1]?.records[0]?.offset).toBe(8)
    })

    test('the bounds are where the log begins and the offset after its last record', async () => {
      const log = await create(2)
      const reader = await join(log, createRecorder())
      expect(await reader.bounds(0)).toEqual({ earliest: 0, end: 0 })
      await log.produce(0, numbers(0, 3))
      const both = await Promise.all([reader.bounds(0), reader.bounds(1)])
      expect(both).toEqual([
        { earliest: 0, end: 3 },
        { earliest: 0, end: 0 },
      ])
    })

    test('a position is published without an error, for a partition not held too', async () => {
      const log = await create(1)
      await log.produce(0, numbers(0, 3))
      const recorder = createRecorder(async (seen) => {
        await reader?.publishPosition(0, seen.nextOffset)
      })
      const reader = await join(log, recorder)
      reader.start(0, 0)
      await recorder.until(() => recorder.position(0) === 3)
      await reader.publishPosition(0, 3)
      await reader.publishPosition(9, 3)
      expect(recorder.errors).toEqual([])
    })

    test('a second member takes its share, and gives it back when it leaves', async () => {
      const log = await create(4)
      for (const p of [0, 1, 2, 3]) await log.produce(p, ['v0'])
      const first = createRecorder()
      const second = createRecorder()
      const reader = await join(log, first)
      for (const p of [0, 1, 2, 3]) reader.start(p, 0)
      await first.until(() => [0, 1, 2, 3].every((p) => first.position(p) === 1))

      const other = await log.member().consume(second.listener)
      await first.until(() => first.assignments.length === 2)
      await second.until(() => second.assignments.length > 0)
      const shares = [first.assignments.at(-1) ?? [], second.assignments.at(-1) ?? []]
      expect(shares.flat().toSorted()).toEqual([0, 1, 2, 3])
      expect(shares.map((share) => share.length)).toEqual([2, 2])

      // What each holds is paused anew and read from where it is told, by nobody else.
      for (const p of [0, 1, 2, 3]) await log.produce(p, ['v1'])
      for (const p of shares[0] ?? []) reader.start(p, 1)
      for (const p of shares[1] ?? []) other.start(p, 1)
      await first.until(() => (shares[0] ?? []).every((p) => first.position(p) === 2))
      await second.until(() => (shares[1] ?? []).every((p) => second.position(p) === 2))
      for (const p of shares[1] ?? []) expect(first.values(p)).toEqual(['v0'])
      for (const p of shares[0] ?? []) expect(second.values(p)).toEqual([])

      await other.close()
      await first.until(() => first.assignments.length === 3)
      expect(first.assignments.at(-1)?.toSorted()).toEqual([0, 1, 2, 3])
      expect([...first.errors, ...second.errors]).toEqual([])
    })

    test('close waits for the batch in hand, and no call follows it', async () => {
      const log = await create(1)
      await log.produce(0, numbers(0, 3))
      const { promise: gate, resolve: openGate } = Promise.withResolvers<void>()
      let isDone = false
      const recorder = createRecorder(async () => {
        await gate
        isDone = true
      })
      const reader = await log.member().consume(recorder.listener)
      reader.start(0, 0)
      await recorder.until(() => recorder.batches.length === 1)
      const closed = reader.close()
      setImmediate(openGate)
      await closed
      expect(isDone).toBe(true)
      const calls = recorder.batches.length + recorder.assignments.length
      await log.produce(0, numbers(3, 3))
      expect(recorder.batches.length + recorder.assignments.length).toBe(calls)
      expect(recorder.errors).toEqual([])
    })

    test('an error thrown by the listener is fatal', async () => {
      const log = await create(1)
      await log.produce(0, ['v0'])
      const recorder = createRecorder(() => {
        throw new TypeError('a bug')
      })
      const reader = await join(log, recorder)
      reader.start(0, 0)
      await recorder.until(() => recorder.errors.length > 0)
      expect(recorder.errors[0]?.message).toBe('a bug')
    })
  })
}
