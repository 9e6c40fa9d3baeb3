import type { Batch, Consumer, EachBatchPayload } from 'kafkajs'
import { expect, test } from 'vitest'
import { createLives } from '../../src/adapters/kafka-lives.ts'
import { createRecorder } from '../support/recorder.ts'

/** What the consumer was asked, as words. It never sends anything by itself. */
function setUp() {
  const asked: string[] = []
  const consumer = {
    seek: ({ partition, offset }) => void asked.push(`seek ${partition} ${offset}`),
    pause: (topics) => void asked.push(`pause ${String(topics[0]?.partitions)}`),
    resume: (topics) => void asked.push(`resume ${String(topics[0]?.partitions)}`),
  } satisfies Partial<Consumer> as unknown as Consumer
  const recorder = createRecorder(undefined, (partitions) =>
    asked.push(`assigned ${partitions.join()}`),
  )
  const errors: unknown[] = []
  const lives = createLives(
    't',
    () => consumer,
    recorder.listener,
    (error) => errors.push(error),
  )
  return { asked, lives, recorder, errors }
}

function payload(from: number, last: number, isStale = false, partition = 0): EachBatchPayload {
  const messages = [{ offset: `${last}`, timestamp: '1', key: null, value: Buffer.from('v') }]
  const batch = {
    topic: 't',
    partition,
    messages,
    fetchedOffset: `${from}`,
    lastOffset: () => `${last}`,
  } as unknown as Batch
  return { batch, isStale: () => isStale } as EachBatchPayload
}

test('every partition is paused before the assignment is told, and a start seeks, then resumes', () => {
  const { asked, lives } = setUp()
  lives.assign([0, 1])
  lives.start(1, 70)
  expect(asked).toEqual(['pause 0,1', 'assigned 0,1', 'seek 1 70', 'resume 1'])
})

test('a batch of a partition that was not started, or is paused, is not given', async () => {
  const { lives, recorder } = setUp()
  lives.assign([0])
  expect(await lives.takeBatch(payload(0, 4))).toBe(false)
  lives.start(0, 0)
  lives.pause(0)
  expect(await lives.takeBatch(payload(0, 4))).toBe(false)
  lives.resume(0)
  expect(await lives.takeBatch(payload(0, 4, true))).toBe(false)
  expect(await lives.takeBatch(payload(0, 4))).toBe(true)
  expect(recorder.batches.map((seen) => seen.nextOffset)).toEqual([5])
})

test('a batch fetched elsewhere is not given, and the consumer is sent back', async () => {
  const { asked, lives, recorder } = setUp()
  lives.assign([0])
  lives.start(0, 10)
  asked.length = 0
  expect(await lives.takeBatch(payload(3, 8))).toBe(false)
  expect(await lives.takeControlOnly({ partition: 0, from: '20', last: '21' })).toBe(false)
  expect(asked).toEqual(['seek 0 10', 'seek 0 10'])
  expect(await lives.takeBatch(payload(10, 12))).toBe(true)
  expect(recorder.batches.map((seen) => seen.nextOffset)).toEqual([13])
})

test('a log that begins later each time is given, for the listener to judge the gap', async () => {
  const { lives, recorder, errors } = setUp()
  lives.assign([0])
  lives.start(0, 10)
  for (let i = 0; i < 5; i += 1) expect(await lives.takeBatch(payload(30, 31))).toBe(false)
  expect(await lives.takeBatch(payload(30, 31))).toBe(true)
  expect(recorder.batches.map((seen) => seen.nextOffset)).toEqual([32])
  expect(errors).toEqual([])
})

test('a log that ends before the position each time is fatal: it was cut', async () => {
  const { lives, recorder, errors } = setUp()
  lives.assign([0])
  lives.start(0, 10)
  for (let i = 0; i < 6; i += 1) expect(await lives.takeBatch(payload(0, 4))).toBe(false)
  expect(errors).toHaveLength(1)
  expect(recorder.batches).toEqual([])
})

test('a batch whose partition is assigned anew meanwhile is not to be gone on from', async () => {
  const { lives, recorder } = setUp()
  lives.assign([0])
  lives.start(0, 0)
  const taking = lives.takeBatch(payload(0, 4))
  lives.assign([0])
  lives.start(0, 2)
  expect(await taking).toBe(false)
  expect(recorder.batches).toEqual([])
  expect(await lives.takeBatch(payload(2, 4))).toBe(true)
})

test('what comes without a batch waits its turn behind a batch', async () => {
  const { lives, recorder } = setUp()
  lives.assign([0])
  lives.start(0, 0)
  const taken = await Promise.all([
    lives.takeBatch(payload(0, 4)),
    lives.takeControlOnly({ partition: 0, from: '5', last: '5' }),
  ])
  expect(taken).toEqual([true, true])
  expect(recorder.batches.map((seen) => [seen.records.length, seen.nextOffset])).toEqual([
    [1, 5],
    [0, 6],
  ])
})

test('what came over the network is looked at between the partitions of a fetch', async () => {
  const told: string[] = []
  const batch = async (partition: number): Promise<void> => {
    told.push(`batch ${partition}`)
    setImmediate(() => told.push(`answer ${partition}`))
    for (let i = 0; i < 100; i += 1) await Promise.resolve()
    told.push(`done ${partition}`)
  }
  const listener = { assigned: () => {}, batch, unreadable: async () => {} }
  const lives = createLives(
    't',
    () => undefined,
    listener,
    (error) => told.push(String(error)),
  )
  lives.assign([0, 1])
  lives.start(0, 0)
  lives.start(1, 0)
  await Promise.all([0, 1].map((partition) => lives.takeBatch(payload(0, 4, false, partition))))
  expect(told.slice(0, 5)).toEqual(['batch 0', 'done 0', 'answer 0', 'batch 1', 'done 1'])
})
