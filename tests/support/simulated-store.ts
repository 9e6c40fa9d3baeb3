/** One store, as several processes reach it across a bad network; it may lose anything at any time. */
import { deserialize, serialize } from 'node:v8'
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { IncompleteState, Unavailable } from '../../src/core/ports.ts'
import type { Commit, CommitResult, Cursor, Loaded, StateStore } from '../../src/core/ports.ts'
import type { Prng } from './prng.ts'
import type { Process, World } from './simulated-world.ts'

/** Mistakes planted on purpose: the simulation must find each. */
export type StoreDefects = Readonly<{
  /** The store writes whatever it is sent. */
  isStoreBlind?: boolean
  /** The cursor is loaded one record too early. */
  isOffByOne?: boolean
  /** The new cursor is stored at once, what was folded up to it a moment later. */
  isCursorFirst?: boolean
  /** What is missing is not noticed. */
  isUncounted?: boolean
}>

/** Of a partition's state in memory: what an eviction takes. */
type Kept = {
  fields: Map<string, unknown>
  due: Map<number, unknown>
  outbox: Map<number, unknown>
}

const BETWEEN_MS = 200

export function createSimulatedStore(world: World, defects: StoreDefects) {
  let store = createMemoryStore()
  /** Partitions of which something is gone behind us: as a store that counts finds them. */
  let incomplete = new Set<number>()
  let snapshot = { bytes: store.snapshot(), incomplete }
  let failovers = 0

  async function load(partition: number): Promise<Loaded | undefined> {
    const loaded = await store.load(partition)
    if (isIncomplete(partition)) throw new IncompleteState('something is missing', loaded)
    if (loaded === undefined || defects.isOffByOne !== true) return loaded
    const { offset } = loaded.cursor
    return { ...loaded, cursor: { ...loaded.cursor, offset: Math.max(0, offset - 1) } }
  }

  async function commit(
    process: Process,
    partition: number,
    wanted: Commit,
  ): Promise<CommitResult> {
    const current = await store.cursor(partition)
    const isSame =
      defects.isOffByOne === true &&
      current?.version === wanted.expected?.version &&
      current?.writer === wanted.expected?.writer
    const expected = defects.isStoreBlind === true || isSame ? current : wanted.expected
    const isNext = expected?.version === current?.version && expected?.writer === current?.writer
    if (isNext && isIncomplete(partition)) throw new IncompleteState('something is missing')
    if (defects.isCursorFirst !== true) return store.commit(partition, { ...wanted, expected })
    const nothing = { fields: [], dueAdded: [], dueDropped: [], outboxAdded: [], outboxDropped: [] }
    const fate = await store.commit(partition, { ...wanted, ...nothing, expected })
    if (fate.kind === 'done') {
      await new Promise<void>((resolve) => world.within(process, BETWEEN_MS, resolve))
      const now = (await store.cursor(partition)) ?? wanted.next
      await store.commit(partition, { ...wanted, expected: now, next: now })
    }
    return fate
  }

  /** A failover breaks connections: what was asked before it is not answered after it. */
  function asked<T>(process: Process, method: string, question: () => Promise<T>): Promise<T> {
    const before = failovers
    const answer = async (): Promise<T> => {
      if (failovers !== before) throw new Unavailable('connection reset')
      return question()
    }
    return world.call(process, `store.${method}`, answer, false)
  }

  function isIncomplete(partition: number): boolean {
    return incomplete.has(partition) && defects.isUncounted !== true
  }

  async function clear(partition: number, expected: Cursor | undefined): Promise<boolean> {
    const isCleared = await store.clear(partition, expected)
    if (isCleared) incomplete.delete(partition)
    return isCleared
  }

  /** Only what is whole is told. */
  async function whole<T>(partition: number, told: Promise<T>): Promise<T> {
    if (isIncomplete(partition)) throw new IncompleteState('something is missing')
    return told
  }

  return {
    /** As it is, without faults: for the judge. */
    plain: (): StateStore => store,
    isIncomplete,
    keepSnapshot: (): void => {
      snapshot = { bytes: store.snapshot(), incomplete: new Set(incomplete) }
    },
    rollBack: (): void => {
      store = createMemoryStore(snapshot.bytes)
      incomplete = new Set(snapshot.incomplete)
      failovers++
    },
    empty: (): void => {
      store = createMemoryStore()
      incomplete = new Set()
      failovers++
    },
    /** A few fields, all of them, some due buckets or the outbox of one partition: gone behind us. */
    evict: (partition: number, dice: Prng): string => {
      const state = deserialize(store.snapshot()) as Map<number, Kept>
      const kept = state.get(partition)
      if (kept === undefined) return 'nothing'
      const taken = ['some fields', 'fields', 'due', 'outbox'] as const
      const what = taken[dice.below(taken.length)] ?? 'fields'
      const from = what === 'due' ? kept.due : what === 'outbox' ? kept.outbox : kept.fields
      const { size } = from
      for (const key of [...from.keys()]) {
        if (what === 'fields' || what === 'outbox' || dice.chance(0.5)) from.delete(key as never)
      }
      if (from.size === size) return 'nothing'
      incomplete.add(partition)
      store = createMemoryStore(serialize(state))
      return what
    },
    storeOf: (process: Process): StateStore => ({
      load: (partition) => asked(process, 'load', () => load(partition)),
      cursor: (partition) => asked(process, 'cursor', () => store.cursor(partition)),
      read: (partition, fields) =>
        asked(process, 'read', () => whole(partition, store.read(partition, fields))),
      fields: (partition, from) =>
        asked(process, 'fields', () => whole(partition, store.fields(partition, from))),
      due: (partition, bucket) =>
        asked(process, 'due', () => whole(partition, store.due(partition, bucket))),
      commit: (partition, wanted) =>
        world.call(process, 'store.commit', () => commit(process, partition, wanted), true),
      clear: (partition, expected) =>
        world.call(process, 'store.clear', () => clear(partition, expected), true),
      close: async () => {},
    }),
  }
}
