/**
 * Input and output logs inside one process, for the demo, the simulation and the tests. They answer
 * like their real counterparts: assignment, pauses and fencing included.
 */
import type {
  EventLog,
  LogListener,
  LogReader,
  OutboxEntry,
  OutputTopic,
  RawRecord,
  WarningLog,
} from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'

// --- the input -------------------------------------------------------------------------------

export type MemoryLogOptions = Readonly<{
  topic: string
  partitionCount: number
  batchMax?: number
  /** Runs a hand-over later. A simulation passes its own scheduler. */
  defer?: (work: () => void) => void
}>

export type MemoryLog = Readonly<{
  /** Appends at the end; answers the offset given. */
  produce: (partition: number, record: Omit<RawRecord, 'offset'>) => number
  /** Another member of the one consumer group of this log. */
  member: () => EventLog
}>

type Seat = {
  starts: number
  paused: boolean
  busy: boolean
  position: number
}
type Member = { listener: LogListener; seats: Map<number, Seat>; busy: Set<Promise<void>> }

export function createMemoryLog(options: MemoryLogOptions): MemoryLog {
  const { topic, partitionCount, batchMax = 500, defer = setImmediate } = options
  const partitions = Array.from({ length: partitionCount }, (): RawRecord[] => [])
  const members: Member[] = []

  /** Eager, as Kafka's: everybody loses everything and gets a share anew. */
  function rebalance(): void {
    for (const [i, member] of members.entries()) {
      const share = partitions.keys().filter((p) => p % members.length === i)
      const fresh = (): Seat => ({ starts: 0, paused: true, busy: false, position: 0 })
      member.seats = new Map(share.map((p) => [p, fresh()]))
      member.listener.assigned([...member.seats.keys()])
    }
  }

  function pump(member: Member, partition: number): void {
    const seat = member.seats.get(partition)
    const isIdle = seat === undefined || seat.busy || seat.paused
    if (isIdle || seat.position >= (partitions[partition]?.length ?? 0)) return
    seat.busy = true
    const { promise, resolve } = Promise.withResolvers<void>()
    member.busy.add(promise)
    defer(() => {
      void handOver(member, partition, seat).finally(() => {
        member.busy.delete(promise)
        resolve()
      })
    })
  }

  async function handOver(member: Member, partition: number, seat: Seat): Promise<void> {
    const isCurrent = (): boolean => member.seats.get(partition) === seat
    if (isCurrent() && !seat.paused) {
      const { position, starts } = seat
      const records = (partitions[partition] ?? []).slice(position, position + batchMax)
      const nextOffset = position + records.length
      try {
        await member.listener.batch(partition, records, nextOffset)
      } catch (error) {
        member.listener.onFatal(error instanceof Error ? error : new Error(String(error)))
        return
      }
      // Not if the listener has sought elsewhere in the meantime.
      if (seat.starts === starts) seat.position = nextOffset
    }
    seat.busy = false
    if (isCurrent()) pump(member, partition)
  }

  async function consume(listener: LogListener): Promise<LogReader> {
    const member: Member = { listener, seats: new Map(), busy: new Set() }
    members.push(member)
    rebalance()
    const seatOf = (partition: number, act: (seat: Seat) => void): void => {
      const seat = member.seats.get(partition)
      if (seat !== undefined) act(seat)
      pump(member, partition)
    }
    return {
      start: (partition, offset) =>
        seatOf(partition, (seat) =>
          Object.assign(seat, { starts: seat.starts + 1, paused: false, position: offset }),
        ),
      pause: (partition) => seatOf(partition, (seat) => (seat.paused = true)),
      resume: (partition) => seatOf(partition, (seat) => (seat.paused = seat.starts === 0)),
      bounds: async (partition) => ({ earliest: 0, end: partitions[partition]?.length ?? 0 }),
      publishPosition: async () => {},
      close: async () => {
        if (!members.includes(member)) return
        members.splice(members.indexOf(member), 1)
        member.seats = new Map()
        await Promise.all(member.busy)
        rebalance()
      },
    }
  }

  return {
    produce: (partition, record) => {
      const log = partitions[partition]
      if (log === undefined) throw new RangeError(`${topic} has no partition ${partition}`)
      log.push({ ...record, offset: log.length })
      for (const member of members) pump(member, partition)
      return log.length - 1
    },
    member: () => ({ topic, partitionCount: async () => partitionCount, consume }),
  }
}

// --- the output ------------------------------------------------------------------------------

export type MemoryWarningLog = WarningLog &
  Readonly<{ entries: (topic: OutputTopic) => readonly OutboxEntry[] }>

/** `onEntry` sees every entry once it is durable, as a reader of the topic would. */
export function createMemoryWarningLog(onEntry?: (entry: OutboxEntry) => void): MemoryWarningLog {
  const written: Readonly<{ partition: number; entry: OutboxEntry }>[] = []
  const epochs = new Map<number, number>()
  return {
    entries: (topic) => written.map(({ entry }) => entry).filter((e) => e.topic === topic),
    open: async (partition, mark) => {
      const epoch = (epochs.get(partition) ?? 0) + 1
      epochs.set(partition, epoch)
      const since = written.slice(mark === undefined ? 0 : Number(mark))
      const isReadBack = (w: (typeof written)[number]): boolean =>
        w.partition === partition && w.entry.topic !== 'standing'
      return {
        present: new Set(since.filter(isReadBack).map((w) => w.entry.id)),
        mark: String(written.length),
        markNow: () => String(written.length),
        append: async (entries) => {
          if (epochs.get(partition) !== epoch) throw new Unavailable('fenced by a newer writer')
          for (const entry of entries) {
            written.push({ partition, entry })
            onEntry?.(entry)
          }
        },
      }
    },
    close: async () => {},
  }
}
