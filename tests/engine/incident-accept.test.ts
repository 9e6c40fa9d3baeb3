import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import type { RawRecord } from '../../src/core/ports.ts'
import { fingerprintOf } from '../../src/engine/fingerprint.ts'
import { acceptIncident } from '../../src/engine/incident-accept.ts'
import type { AcceptPorts } from '../../src/engine/incident-accept.ts'
import { checkPartition } from '../../src/engine/incident-check.ts'
import { ACCEPTANCES_MAX } from '../../src/engine/incident.ts'
import type { IncidentKind } from '../../src/engine/incident.ts'
import { decodeMeta, encodeMeta } from '../../src/engine/meta.ts'
import { toyFold } from '../support/toy-fold.ts'

const NOW_MS = 1_750_000_000_000
const record = (offset: number, text = `r${offset}`): RawRecord => {
  return { offset, key: undefined, value: Buffer.from(text), headers: [], timestampMs: NOW_MS }
}
const log = (from: number, to: number): RawRecord[] =>
  Array.from({ length: to - from }, (_, at) => record(from + at))

/** State of ten records folded, unless it is lost, and a log as it is now. */
async function given(now: {
  log: RawRecord[]
  isLost?: boolean
  hasSpoken?: boolean
  partitionCount?: number
}) {
  const store = createMemoryStore()
  const fold = toyFold()
  if (now.isLost !== true) {
    const meta = encodeMeta({
      ...{ partitionCount: 1, origin: 0, sequence: 3, mark: 'm', policy: undefined },
      fingerprint: fingerprintOf(record(9)),
      memory: fold.encodePartition(fold.newPartition()),
    })
    await store.commit(0, {
      ...{ expected: undefined, next: { offset: 10, version: 4, writer: 'w' }, meta },
      ...{ fields: [['a', new Uint8Array([1])]], dueAdded: [], dueDropped: [] },
      ...{ outboxAdded: [], outboxDropped: [] },
    })
  }
  let atMs = 0
  const ports: AcceptPorts = {
    ...{ store, fold, options: { truncatedForMs: 5_000 } },
    clock: { nowMs: () => NOW_MS, monotonicMs: () => (atMs += 1_000), sleep: async () => {} },
    random: { writerId: () => 'decided', fraction: () => 0 },
    rest: async () => true,
    look: {
      partitionCount: async () => now.partitionCount ?? 1,
      bounds: async () => ({
        earliest: now.log[0]?.offset ?? 0,
        end: (now.log.at(-1)?.offset ?? -1) + 1,
      }),
      recordAt: async (_, offset) => now.log.find((it) => it.offset === offset),
      hasSpoken: async () => now.hasSpoken ?? false,
    },
  }
  const accept = (from?: number, kind?: IncidentKind) =>
    acceptIncident(ports, 0, { kind, from, by: 'kim' })
  return { ports, store, accept }
}

const anew = log(0, 30).map(({ offset }) => record(offset, `other ${offset}`))

test.each<[IncidentKind, [number, number], Parameters<typeof given>[0], on: number]>([
  ['retention-gap', [10, 15], { log: log(15, 20) }, 15],
  ['truncated', [4, 10], { log: log(0, 4) }, 0],
  ['recreated', [9, 10], { log: anew }, 0],
  ['state-lost', [0, 4], { log: log(4, 9), isLost: true, hasSpoken: true }, 4],
])('%s %j: found as a life finds it, accepted once, and gone', async (kind, range, now, on) => {
  const { ports, store, accept } = await given(now)
  const before = store.snapshot()
  const { incident } = await checkPartition(ports, 0)
  expect(incident).toMatchObject({ kind, fromOffset: range[0], toOffset: range[1] })
  expect(store.snapshot()).toEqual(before)

  const version = now.isLost === true ? 1 : 5
  const cursor = { offset: on, version, writer: 'decided' }
  const [fromOffset, toOffset] = range
  const noted = { kind, fromOffset, toOffset, continuedAt: on, atMs: NOW_MS, by: 'kim' }
  expect(await accept()).toEqual({ kind: 'accepted', partition: 0, acceptance: noted, cursor })
  const after = await checkPartition(ports, 0)
  expect(after).toMatchObject({ cursor, accepted: [noted], incident: undefined })
  const kept = (await store.read(0, ['a'])).value
  expect(kept[0]).toEqual(now.isLost === true ? undefined : new Uint8Array([1]))
  expect(await accept()).toEqual({ kind: 'no-incident' })
})

test.each<[why: string, Parameters<typeof given>[0], IncidentKind | undefined, from?: number]>([
  ['that is a migration', { log: log(0, 20), partitionCount: 8 }, undefined],
  ['it is retention-gap, not recreated', { log: log(15, 20) }, 'recreated'],
  ['what can still be read is not skipped', { log: log(15, 20) }, undefined, 16],
  ['the log holds 0 to 30, not 31', { log: anew }, undefined, 31],
])('refused: %s', async (why, now, kind, from) => {
  const { store, accept } = await given(now)
  const before = store.snapshot()
  const fate = await accept(from, kind)
  expect(fate).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) })
  expect(store.snapshot()).toEqual(before)
})

test('a log made anew may be read from where somebody says', async () => {
  const { accept, store } = await given({ log: anew })
  expect(await accept(12)).toMatchObject({ kind: 'accepted', cursor: { offset: 12 } })
  expect((await store.cursor(0))?.offset).toBe(12)
})

test('a state that another has written meanwhile is left alone', async () => {
  const { ports, store, accept } = await given({ log: log(15, 20) })
  const loaded = await store.load(0)
  const { bounds } = ports.look
  let asked = 0
  Object.assign(ports.look, {
    bounds: async (partition: number) => {
      if (asked++ === 1) {
        await store.commit(0, {
          ...{ expected: loaded?.cursor, next: { offset: 10, version: 5, writer: 'x' } },
          ...{ meta: loaded?.meta ?? new Uint8Array(), fields: [], dueAdded: [], dueDropped: [] },
          ...{ outboxAdded: [], outboxDropped: [] },
        })
      }
      return bounds(partition)
    },
  })
  expect(await accept()).toEqual({ kind: 'overtaken' })
  expect((await store.cursor(0))?.writer).toBe('x')
})

test('decisions are kept, but not without end', async () => {
  const now = { log: log(15, 20) }
  const { accept, store } = await given(now)
  for (let n = 1; n <= ACCEPTANCES_MAX + 2; n++) {
    now.log = log(15 + 10 * n, 20 + 10 * n)
    expect(await accept()).toMatchObject({ kind: 'accepted' })
  }
  const { accepted = [] } = decodeMeta((await store.load(0))?.meta ?? new Uint8Array())
  expect(accepted).toHaveLength(ACCEPTANCES_MAX)
  expect(accepted.at(-1)).toMatchObject({ continuedAt: 15 + 10 * (ACCEPTANCES_MAX + 2) })
})
