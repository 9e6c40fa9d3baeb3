/** Keys of a partition are gone: whether its log is folded anew, or somebody has to decide. */
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { SILENT } from '../../src/core/observer.ts'
import { IncompleteState } from '../../src/core/ports.ts'
import type { StateStore } from '../../src/core/ports.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'
import { acceptIncident } from '../../src/engine/incident-accept.ts'
import type { AcceptPorts } from '../../src/engine/incident-accept.ts'
import { checkPartition } from '../../src/engine/incident-check.ts'
import type { Acceptance } from '../../src/engine/incident.ts'
import { decodeMeta, encodeMeta } from '../../src/engine/meta.ts'
import { takeWhole } from '../../src/engine/take-whole.ts'
import { toyFold } from '../support/toy-fold.ts'

const NOW_MS = 1_750_000_000_000
const GAP: Acceptance = {
  ...{ kind: 'retention-gap', fromOffset: 2, toOffset: 4, continuedAt: 4 },
  ...{ atMs: NOW_MS - 1, by: 'ann' },
}

/** Ten records were folded, and some of what was stored of them is gone. */
async function given(now: { earliest: number; accepted?: Acceptance[] }) {
  const plain = createMemoryStore()
  const fold = toyFold()
  const meta = encodeMeta({
    ...{ partitionCount: 1, origin: 0, sequence: 3, mark: 'm', policy: undefined },
    ...{ fingerprint: undefined, accepted: now.accepted ?? [] },
    memory: fold.encodePartition(fold.newPartition()),
  })
  const cursor = { offset: 10, version: 4, writer: 'w' }
  await plain.commit(0, {
    ...{ expected: undefined, next: cursor, meta, fields: [['a', new Uint8Array([1])]] },
    ...{ dueAdded: [], dueDropped: [], outboxAdded: [], outboxDropped: [] },
  })
  let isCleared = false
  const store: StateStore = {
    ...plain,
    load: async (partition) => {
      if (isCleared) return plain.load(partition)
      throw new IncompleteState('0 of 1 fields of accounts are there', { cursor, meta })
    },
    clear: async (partition, expected) => {
      return (isCleared = await plain.clear(partition, expected))
    },
  }
  const emptied: unknown[] = []
  const bounds = async () => ({ earliest: now.earliest, end: 12 })
  const clock = { nowMs: () => NOW_MS, monotonicMs: () => 0, sleep: async () => {} }
  const deps: Parameters<typeof takeWhole>[0] = {
    ...{ store, clock, fold, options: ENGINE_DEFAULTS },
    eventLog: { partitionCount: async () => 1 },
    observer: { ...SILENT, emptied: (what: unknown) => void emptied.push(what) },
  }
  const ports: AcceptPorts = {
    ...{ store, fold, clock, options: { truncatedForMs: 5_000 }, rest: async () => true },
    random: { writerId: () => 'decided', fraction: () => 0 },
    look: {
      ...{ partitionCount: async () => 1, bounds, recordAt: async () => undefined },
      hasSpoken: async () => true,
    },
  }
  return { plain, ports, emptied, take: () => takeWhole(deps, 0, { bounds }, async () => true) }
}

test('all of its log is there: it is emptied, told once, and a first start', async () => {
  const { plain, ports, emptied, take } = await given({ earliest: 0 })
  // The service will mend it: nothing to decide, and looking changes nothing.
  const before = plain.snapshot()
  expect((await checkPartition(ports, 0)).incident).toBeUndefined()
  expect(plain.snapshot()).toEqual(before)

  expect(await take()).toMatchObject({ kind: 'ready', cursor: undefined, position: 0 })
  expect(emptied).toEqual([{ partition: 0, why: '0 of 1 fields of accounts are there' }])
  expect(await plain.cursor(0)).toBeUndefined()
})

test.each([
  ['the head of its log is gone', { earliest: 5 }, 5],
  ['a gap in it was accepted', { earliest: 0, accepted: [GAP] }, 0],
])('%s: it stops, and begins anew when somebody says so', async (_why, now, on) => {
  const { plain, ports, emptied, take } = await given(now)
  const before = plain.snapshot()
  const incident = { kind: 'state-lost', fromOffset: 0, toOffset: on }
  expect(await take()).toMatchObject({ kind: 'incident', incident })
  expect(plain.snapshot()).toEqual(before)
  expect(emptied).toEqual([])

  const decision = { kind: undefined, from: undefined, by: 'kim' }
  const cursor = { offset: on, version: 5, writer: 'decided' }
  expect(await acceptIncident(ports, 0, decision)).toMatchObject({ kind: 'accepted', cursor })
  expect((await plain.read(0, ['a'])).value).toEqual([undefined])
  const { accepted = [] } = decodeMeta((await plain.load(0))?.meta ?? new Uint8Array())
  const kept = 'accepted' in now ? ['retention-gap', 'state-lost'] : ['state-lost']
  expect(accepted.map(({ kind }) => kind)).toEqual(kept)
})
