import { expect, test, vi } from 'vitest'
import { Unavailable } from '../../src/core/ports.ts'
import { decodeMeta, encodeMeta } from '../../src/engine/meta.ts'
import { createRig, START_MS } from '../support/engine-rig.ts'

const GONE = { offset: 0, key: undefined, value: undefined, headers: [], timestampMs: 0 }

type Rig = ReturnType<typeof createRig>

/** A partition folded up to offset 10 by a process that has left. */
async function folded(rig: Rig): Promise<void> {
  for (let n = 0; n < 10; n++) rig.append(0, 'm1', n)
  const { engine, process } = rig.begin()
  await engine.start()
  await rig.pass(3_000)
  await stopped(rig, engine)
  expect((await rig.stores.plain().load(0))?.cursor.offset).toBe(10)
  rig.topic.leave(process)
}

async function stopped(rig: Rig, engine: ReturnType<Rig['begin']>['engine']): Promise<void> {
  const stopping = engine.stop()
  await rig.pass(12_000)
  await stopping
}

test.each<[kind: string, range: number[], hurt: (rig: Rig) => void]>([
  [
    'retention-gap',
    [10, 15],
    (rig) => {
      for (let n = 10; n < 20; n++) rig.append(0, 'm1', n)
      rig.topic.trim(0, 15)
    },
  ],
  ['truncated', [4, 10], (rig) => rig.topic.log[0]?.splice(4)],
  [
    'recreated',
    [9, 10],
    (rig) => {
      rig.topic.log[0]?.splice(0)
      for (let n = 50; n < 70; n++) rig.append(0, 'm1', n)
    },
  ],
])('%s: stops that partition with the range %j, and only that', async (kind, range, hurt) => {
  const rig = createRig(2)
  await folded(rig)
  hurt(rig)
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(40_000)
  rig.append(1, 'm2', 1)
  await rig.pass(2_000)
  const [first, second] = engine.status().partitions
  expect(first?.phase).toBe('stopped')
  expect(first?.incident).toMatchObject({ kind, fromOffset: range[0], toOffset: range[1] })
  expect(second).toMatchObject({ position: 1, incident: undefined })
  expect((await rig.stores.plain().load(0))?.cursor.offset).toBe(10)
  expect((await rig.stores.plain().load(1))?.cursor.offset).toBe(1)
})

test('what was accepted is told of for as long as it is known', async () => {
  const rig = createRig()
  await folded(rig)
  const store = rig.stores.plain()
  const { meta, cursor } = (await store.load(0)) ?? {}
  const gap = { kind: 'retention-gap', fromOffset: 10, toOffset: 15, continuedAt: 15 } as const
  const accepted = [{ ...gap, atMs: START_MS, by: 'kim' }]
  const next = { offset: 10, version: (cursor?.version ?? 0) + 1, writer: 'decided' }
  await store.commit(0, {
    ...{ expected: cursor, next, fields: [], dueAdded: [], dueDropped: [] },
    meta: encodeMeta({ ...decodeMeta(meta ?? new Uint8Array()), accepted }),
    ...{ outboxAdded: [], outboxDropped: [] },
  })
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(3_000)
  expect(engine.status().partitions[0]).toMatchObject({ accepted, incident: undefined })
})

test('a changed partition count stops what has state', async () => {
  const rig = createRig(2)
  await folded(rig)
  const { engine } = rig.begin({}, { partitionCount: 3 })
  await engine.start()
  await rig.pass(3_000)
  expect(engine.status().partitions[0]?.incident?.kind).toBe('partition-count')
})

test('a first start begins at the earliest record there is', async () => {
  const rig = createRig()
  for (let n = 0; n < 10; n++) rig.append(0, 'm1', n)
  rig.topic.trim(0, 4)
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(3_000)
  expect(engine.status().partitions[0]).toMatchObject({ position: 10, phase: 'ok', lagRecords: 0 })
  expect(rig.idsOf('warnings').filter((id) => id.includes('count'))).toHaveLength(1)
})

test('without state, and with something said before, a log without its head is no first start', async () => {
  const rig = createRig()
  for (let n = 0; n < 10; n++) rig.append(0, 'm1', n)
  rig.topic.trim(0, 4)
  const earlier = await rig.outputs.plain.open(0, undefined)
  const entry = { key: new Uint8Array(), value: undefined, headers: [] }
  await earlier.append([{ sequence: 0, topic: 'warnings', id: 'once', ...entry }])
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(3_000)
  const { incident } = engine.status().partitions[0] ?? {}
  expect(incident).toMatchObject({ kind: 'state-lost', fromOffset: 0, toOffset: 4 })
})

test('stop commits and relays what was folded', async () => {
  const rig = createRig()
  const { engine } = rig.begin({ commitAgeMs: 600_000 })
  await engine.start()
  await rig.pass(1_000)
  for (let n = 0; n < 8; n++) rig.append(0, 'm1', n)
  await rig.pass(1_600)
  await stopped(rig, engine)
  const loaded = await rig.stores.plain().load(0)
  expect(loaded?.cursor.offset).toBe(8)
  expect(loaded?.outbox).toEqual([])
  expect(rig.idsOf('warnings')).toHaveLength(1)
  await engine.done
})

test('a store that is away holds the partition, and is caught up with when it is back', async () => {
  const rig = createRig()
  let isAway = false
  const { engine } = rig.begin(
    {},
    {
      store: (plain) => ({
        ...plain,
        read: async (partition, fields) => {
          if (isAway) throw new Unavailable('gone')
          return plain.read(partition, fields)
        },
      }),
    },
  )
  await engine.start()
  await rig.pass(2_000)
  isAway = true
  for (let n = 0; n < 20; n++) rig.append(0, `m${n}`, n)
  await rig.pass(90_000)
  expect(engine.status()).toMatchObject({ isLive: true, partitions: [{ position: 0 }] })
  isAway = false
  await rig.pass(5_000)
  expect(engine.status().partitions[0]).toMatchObject({ position: 20, waitsFor: [] })
})

test('a record stamped far ahead does not take the clock with it', async () => {
  const rig = createRig()
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(1_000)
  rig.append(0, 'm1', 1, START_MS + 3_600_000)
  await rig.pass(3_000)
  const status = engine.status().partitions[0]
  expect(status?.clockMs).toBeLessThan(START_MS + 310_000)
  expect(status?.clockBreaches.ahead).toBe(1)
})

test.each<[shows: string, untilMs: number | undefined, clockMs: number]>([
  ['without an end of its own the clock stops at the last arrival', undefined, START_MS - 39_000],
  ['with one it goes there', START_MS - 5_000, START_MS - 5_000],
])('a file that has ended: %s', async (_shows, untilMs, clockMs) => {
  const rig = createRig()
  for (let n = 0; n < 12; n++) rig.append(0, `m${n % 2}`, n, START_MS - 50_000 + n * 1_000)
  const { engine } = rig.begin({ clockFollows: 'records', arrivalFrom: 'envelope', untilMs })
  await engine.start()
  await rig.pass(8_000)
  expect(engine.status().partitions[0]).toMatchObject({ position: 12, isDone: false })
  expect(rig.idsOf('warnings').filter((id) => id.includes('silence'))).toEqual([])
  rig.topic.end()
  await rig.pass(3_000)
  await engine.done
  expect(engine.status().partitions[0]).toMatchObject({ isDone: true, clockMs, outbox: 0 })
  const silences = rig.idsOf('warnings').filter((id) => id.includes('silence'))
  expect(silences).toHaveLength(untilMs === undefined ? 0 : 2)
})

test('what cannot be read is one dead letter, and is passed', async () => {
  const rig = createRig()
  const { engine } = rig.begin()
  await engine.start()
  await rig.pass(1_000)
  for (let n = 0; n < 5; n++) rig.topic.log[0]?.push(GONE)
  rig.topic.unreadable(0, 0, 5)
  rig.append(0, 'm1', 6)
  await rig.pass(3_000)
  expect(rig.idsOf('deadLetters')).toEqual(['dead|0|0'])
  expect(engine.status().partitions[0]?.position).toBe(6)
})

test('a bug ends the run and says so', async () => {
  const rig = createRig()
  const { engine } = rig.begin(
    {},
    {
      store: (plain) => ({
        ...plain,
        read: async () => {
          throw new TypeError('a bug')
        },
      }),
    },
  )
  await engine.start()
  await rig.pass(1_000)
  rig.append(0, 'm1', 1)
  await rig.pass(1_000)
  await expect(engine.done).rejects.toThrow('a bug')
})

test('says that it is stuck when records wait and nothing is folded', async () => {
  const rig = createRig()
  const { engine } = rig.begin(
    {},
    {
      store: (plain) => ({ ...plain, read: () => new Promise(() => {}) }),
    },
  )
  await engine.start()
  await rig.pass(2_000)
  rig.append(0, 'm1', 1)
  await rig.pass(20_000)
  expect(engine.status().isLive).toBe(true)
  await rig.pass(20_000)
  expect(engine.status()).toMatchObject({ isLive: false, stalled: [0] })
  await rig.pass(40_000)
  await expect(engine.done).rejects.toThrow('makes no progress')
})

test('a partition whose every commit is refused ends the process, not at once', async () => {
  const rig = createRig()
  const { engine } = rig.begin(
    {},
    {
      store: (plain) => ({
        ...plain,
        commit: async () => ({ kind: 'refused', current: undefined }),
      }),
    },
  )
  await engine.start()
  rig.append(0, 'm1', 1)
  const ended = vi.fn<() => void>()
  engine.done.catch(ended)
  await rig.pass(30_000)
  expect(ended).not.toHaveBeenCalled()
  await rig.pass(30_000)
  await expect(engine.done).rejects.toThrow('partition 0 makes no progress')
})
