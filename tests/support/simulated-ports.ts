/** One topic, one store and one output, as several processes reach them across a bad network. */
import { createMemoryStore } from '../../src/adapters/memory-store.ts'
import { createMemoryWarningLog } from '../../src/adapters/memory.ts'
import { Unavailable } from '../../src/core/ports.ts'
import type {
  Commit,
  CommitResult,
  EventLog,
  Loaded,
  LogListener,
  LogReader,
  OutboxEntry,
  RawRecord,
  StateStore,
  WarningLog,
} from '../../src/core/ports.ts'
import type { Prng } from './prng.ts'
import type { Process, World } from './simulated-world.ts'

/** Mistakes planted on purpose: the simulation must find each. */
export type PortDefects = Readonly<{
  /** The store writes whatever it is sent. */
  isStoreBlind?: boolean
  /** The cursor is loaded one record too early. */
  isOffByOne?: boolean
  /** What the output holds is not read back. */
  isReadBackSkipped?: boolean
  /** The log always says that it was read to its end. */
  isEndIgnored?: boolean
}>

type Seat = { starts: number; isPaused: boolean; isBusy: boolean; position: number }
type Member = { process: Process; listener: LogListener; seats: Map<number, Seat> }

export function createSimulatedLog(world: World, dice: Prng, partitionCount: number) {
  const log = Array.from({ length: partitionCount }, (): RawRecord[] => [])
  const earliest = log.map(() => 0)
  let members: Member[] = []

  let generation = 0

  function rebalance(): void {
    const current = ++generation
    const shift = dice.below(Math.max(1, members.length))
    for (const [i, member] of members.entries()) {
      const mine = [...log.keys()].filter((p) => (p + shift) % members.length === i)
      // Each hears of it in its own time: for a while two may think they own a partition.
      world.within(member.process, dice.below(400), () => {
        if (generation !== current) return
        const seat = (): Seat => ({ starts: 0, isPaused: true, isBusy: false, position: 0 })
        member.seats = new Map(mine.map((p) => [p, seat()]))
        member.listener.assigned(mine)
      })
    }
  }

  function pump(member: Member, partition: number): void {
    const seat = member.seats.get(partition)
    const records = log[partition] ?? []
    if (seat === undefined || seat.isPaused || seat.isBusy || seat.position >= records.length)
      return
    seat.isBusy = true
    const delayMs = dice.chance(0.3) ? dice.below(1_500) : dice.below(15)
    world.within(member.process, delayMs, () => {
      const isCurrent = member.seats.get(partition) === seat && !seat.isPaused
      const { position, starts } = seat
      const nextOffset = Math.min(records.length, position + 1 + dice.below(12))
      const over = (): void => {
        seat.isBusy = false
        if (isCurrent && seat.starts === starts) seat.position = nextOffset
        pump(member, partition)
      }
      if (!isCurrent) return over()
      const batch = records.slice(position, nextOffset)
      member.listener.batch(partition, batch, nextOffset).then(over, (e) => world.errors.push(e))
    })
  }

  function readerOf(member: Member): LogReader {
    const { process } = member
    const act = (partition: number, change: (seat: Seat) => void): void => {
      const seat = member.seats.get(partition)
      if (seat !== undefined) change(seat)
      pump(member, partition)
    }
    return {
      start: (partition, offset) =>
        act(partition, (seat) => {
          seat.starts++
          seat.isPaused = false
          // A broker may hand over a little of what was read before.
          seat.position = Math.max(earliest[partition] ?? 0, offset - dice.below(3))
        }),
      pause: (partition) => act(partition, (seat) => (seat.isPaused = true)),
      resume: (partition) => act(partition, (seat) => (seat.isPaused = false)),
      bounds: (partition) => world.call(process, async () => boundsOf(partition), false),
      publishPosition: async () => {},
      close: async () => leave(process),
    }
  }

  function boundsOf(partition: number): { earliest: number; end: number } {
    return { earliest: earliest[partition] ?? 0, end: log[partition]?.length ?? 0 }
  }

  function leave(process: Process): void {
    members = members.filter((member) => member.process !== process)
    rebalance()
  }

  return {
    log,
    /** Retention took what lies below an offset. */
    trim: (partition: number, offset: number): void => {
      earliest[partition] = offset
    },
    rebalance,
    leave,
    /** A stretch that no codec can read. */
    unreadable: (partition: number, from: number, next: number): void => {
      for (const { process, listener, seats } of members) {
        const seat = seats.get(partition)
        if (seat !== undefined) seat.position = next
        const tell = listener.unreadable
        world.within(process, 1, () => void tell(partition, from, next, 'a codec failed'))
      }
    },
    /** As a file does. */
    end: (): void => {
      for (const { process, listener } of members) world.within(process, 1, listener.ended)
    },
    append: (partition: number, record: Omit<RawRecord, 'offset'>): void => {
      const records = log[partition]
      records?.push({ ...record, offset: records.length })
      for (const member of members) pump(member, partition)
    },
    eventLogOf: (process: Process, endOf?: (partition: number) => Promise<number>): EventLog => ({
      topic: 'events',
      partitionCount: () => world.call(process, async () => partitionCount, false),
      consume: async (listener) => {
        const member: Member = { process, listener, seats: new Map() }
        members.push(member)
        rebalance()
        const reader = readerOf(member)
        if (endOf === undefined) return reader
        return { ...reader, bounds: async (p) => ({ earliest: 0, end: await endOf(p) }) }
      },
    }),
  }
}

export function createSimulatedStore(world: World, defects: PortDefects) {
  let store = createMemoryStore()
  let snapshot = store.snapshot()
  let failovers = 0

  async function load(partition: number): Promise<Loaded | undefined> {
    const loaded = await store.load(partition)
    if (loaded === undefined || defects.isOffByOne !== true) return loaded
    const { offset } = loaded.cursor
    return { ...loaded, cursor: { ...loaded.cursor, offset: Math.max(0, offset - 1) } }
  }

  async function commit(partition: number, wanted: Commit): Promise<CommitResult> {
    const current = (await store.load(partition))?.cursor
    const isSame =
      defects.isOffByOne === true &&
      current?.version === wanted.expected?.version &&
      current?.writer === wanted.expected?.writer
    const expected = defects.isStoreBlind === true || isSame ? current : wanted.expected
    return store.commit(partition, { ...wanted, expected })
  }

  /** A failover breaks connections: what was asked before it is not answered after it. */
  function asked<T>(process: Process, question: () => Promise<T>): Promise<T> {
    const before = failovers
    const answer = async (): Promise<T> => {
      if (failovers !== before) throw new Unavailable('connection reset')
      return question()
    }
    return world.call(process, answer, false)
  }

  return {
    /** As it is, without faults: for the judge. */
    plain: (): StateStore => store,
    keepSnapshot: (): void => {
      snapshot = store.snapshot()
    },
    rollBack: (): void => {
      store = createMemoryStore(snapshot)
      failovers++
    },
    storeOf: (process: Process): StateStore => ({
      load: (partition) => asked(process, () => load(partition)),
      cursor: (partition) => asked(process, async () => (await load(partition))?.cursor),
      read: (partition, fields) => asked(process, () => store.read(partition, fields)),
      fields: (partition, from) => asked(process, () => store.fields(partition, from)),
      due: (partition, bucket) => asked(process, () => store.due(partition, bucket)),
      commit: (partition, wanted) => world.call(process, () => commit(partition, wanted), true),
      close: async () => {},
    }),
  }
}

export function createSimulatedOutput(world: World, dice: Prng, defects: PortDefects) {
  const plain = createMemoryWarningLog()
  return {
    plain,
    outputOf: (process: Process): WarningLog => ({
      open: async (partition, mark) => {
        const opened = await world.call(process, () => plain.open(partition, mark), false)
        const append = async (entries: readonly OutboxEntry[]): Promise<void> => {
          const part = dice.below(entries.length + 1)
          const isCut = world.isStruck('neverSent')
          await world.call(
            process,
            () => opened.append(isCut ? entries.slice(0, part) : entries),
            true,
          )
          if (isCut) throw new Unavailable('some were written')
        }
        const present = defects.isReadBackSkipped === true ? new Set<string>() : opened.present
        return { ...opened, present, append }
      },
      close: async () => {},
    }),
  }
}
