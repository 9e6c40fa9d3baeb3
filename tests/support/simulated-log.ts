/** One topic of one consumer group, as several processes reach it across a bad network. */
import type { EventLog, LogListener, LogReader, RawRecord } from '../../src/core/ports.ts'
import type { Prng } from './prng.ts'
import type { Process, World } from './simulated-world.ts'

type Seat = { starts: number; isPaused: boolean; isBusy: boolean; position: number }
type Member = { process: Process; listener: LogListener; seats: Map<number, Seat> }

export function createSimulatedLog(world: World, dice: Prng, partitionCount: number) {
  const log = Array.from({ length: partitionCount }, (): RawRecord[] => [])
  const earliest = log.map(() => 0)
  let members: Member[] = []
  /** Those who left too: what they hold of the log may be old. */
  const everybody: Member[] = []

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
      const { starts } = seat
      // Retention may have passed it by: a client reads on where the log begins.
      const position = Math.max(seat.position, earliest[partition] ?? 0)
      const nextOffset = Math.min(records.length, position + 1 + dice.below(12))
      const over = (): void => {
        seat.isBusy = false
        if (isCurrent && seat.starts === starts) seat.position = nextOffset
        pump(member, partition)
      }
      if (!isCurrent || nextOffset <= position) return over()
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
      bounds: (partition) =>
        world.call(process, 'log.bounds', async () => boundsOf(partition), false),
      publishPosition: (partition) =>
        world
          .call(process, 'log.publishPosition', async () => void partition, true)
          .catch(() => undefined),
      close: () =>
        world.call(process, 'log.close', async () => leave(process), false).catch(leaveIt),
    }
    /** A broker that does not hear a member leave finds out by itself. */
    function leaveIt(): void {
      leave(process)
    }
  }

  function boundsOf(partition: number): { earliest: number; end: number } {
    return { earliest: earliest[partition] ?? 0, end: log[partition]?.length ?? 0 }
  }

  function leave(process: Process): void {
    const count = members.length
    members = members.filter((member) => member.process !== process)
    if (members.length < count) rebalance()
  }

  function put(partition: number, record: Omit<RawRecord, 'offset'>): void {
    const records = log[partition]
    records?.push({ ...record, offset: records.length })
    for (const member of members) pump(member, partition)
  }

  return {
    log,
    earliest,
    /** Retention took what lies below an offset. */
    trim: (partition: number, offset: number): void => {
      earliest[partition] = offset
    },
    /** What lay at an offset and after it is gone; the group is told that something happened. */
    cut: (partition: number, length: number): void => {
      log[partition] = (log[partition] ?? []).slice(0, length)
      earliest[partition] = Math.min(earliest[partition] ?? 0, length)
      for (const member of everybody) member.seats.delete(partition)
      rebalance()
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
    append: put,
    eventLogOf: (process: Process, endOf?: (partition: number) => Promise<number>): EventLog => ({
      topic: 'events',
      partitionCount: () =>
        world.call(process, 'log.partitionCount', async () => partitionCount, false),
      consume: async (listener) => {
        const member: Member = { process, listener, seats: new Map() }
        members.push(member)
        everybody.push(member)
        rebalance()
        const reader = readerOf(member)
        if (endOf === undefined) return reader
        return { ...reader, bounds: async (p) => ({ earliest: 0, end: await endOf(p) }) }
      },
    }),
  }
}
