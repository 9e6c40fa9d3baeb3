/**
 * The output topics as a broker keeps them: a producer's epoch fences the ones before it, and a batch that
 * comes again with its sequence is answered and not written again.
 */
import { Unavailable } from '../../src/core/ports.ts'
import type { OpenedOutput, OutboxEntry, OutputTopic, WarningLog } from '../../src/core/ports.ts'
import type { Prng } from './prng.ts'
import type { Process, World } from './simulated-world.ts'

export type OutputDefects = Readonly<{
  /** What the output holds is not read back. */
  isReadBackSkipped?: boolean
  /** A new writer shuts out nobody. */
  isUnfenced?: boolean
}>

type Written = Readonly<{ partition: number; entry: OutboxEntry }>
type Producer = { epoch: number; sequence: number }
/** Sends a batch of one producer across the network, or at once. */
type Send = (name: string, effect: () => Promise<number | undefined>) => Promise<number | undefined>

const RESENDS_MAX = 3

export function createSimulatedOutput(world: World, dice: Prng, defects: OutputDefects) {
  const written: Written[] = []
  /** By input partition: the newest epoch, and the sequence its next batch must have. */
  const newest = new Map<number, Producer>()

  /** What the broker does with a batch. Answers where the outputs end after it, if it says. */
  async function produce(
    partition: number,
    from: Producer,
    entries: readonly OutboxEntry[],
  ): Promise<number | undefined> {
    const known = newest.get(partition) ?? from
    if (defects.isUnfenced !== true) {
      if (from.epoch !== known.epoch) {
        world.count('fenced')
        throw new Unavailable('fenced by a newer epoch')
      }
      if (from.sequence < known.sequence) world.count('sequence known')
      if (from.sequence < known.sequence) return undefined
      if (from.sequence > known.sequence) throw new Unavailable('out of sequence')
      known.sequence += entries.length
    }
    for (const entry of entries) written.push({ partition, entry })
    return written.length
  }

  function fence(partition: number): Producer {
    const epoch = (newest.get(partition)?.epoch ?? 0) + 1
    newest.set(partition, { epoch, sequence: 0 })
    return { epoch, sequence: 0 }
  }

  function openedAt(
    partition: number,
    mark: string | undefined,
    producer: Producer,
    send: Send,
    isCut: () => boolean,
  ): OpenedOutput {
    const since = written.slice(mark === undefined ? 0 : Number(mark))
    const isReadBack = (w: Written): boolean =>
      w.partition === partition && w.entry.topic !== 'standing'
    const found = defects.isReadBackSkipped === true ? [] : since.filter(isReadBack)
    let markNow = String(written.length)

    async function append(entries: readonly OutboxEntry[]): Promise<void> {
      // Some of it may be there when the connection breaks.
      const isPart = isCut()
      const sent = isPart ? entries.slice(0, dice.below(entries.length + 1)) : entries
      // What others wrote after it was not read back by us: the mark is where this batch ended.
      const endAt = await persist({ ...producer }, sent)
      producer.sequence += sent.length
      if (endAt !== undefined) markNow = String(endAt)
      if (isPart) throw new Unavailable('some were written')
    }

    /** As an idempotent producer: the same batch with the same sequence, a few times. */
    async function persist(
      from: Producer,
      entries: readonly OutboxEntry[],
    ): Promise<number | undefined> {
      for (let tries = 1; ; tries++) {
        try {
          return await send('output.append', () => produce(partition, from, entries))
        } catch (error) {
          // Without the fence nothing tells a repeat from a first time.
          const isFinal = tries === RESENDS_MAX || defects.isUnfenced === true || dice.chance(0.5)
          if (!(error instanceof Unavailable) || isFinal) throw error
        }
      }
    }

    return {
      present: new Set(found.map((w) => w.entry.id)),
      mark: markNow,
      append,
      markNow: () => markNow,
    }
  }

  return {
    /** Without faults. */
    plain: {
      entries: (topic: OutputTopic): readonly OutboxEntry[] =>
        written.map(({ entry }) => entry).filter((entry) => entry.topic === topic),
      open: async (partition: number, mark: string | undefined): Promise<OpenedOutput> =>
        openedAt(
          partition,
          mark,
          fence(partition),
          (_, effect) => effect(),
          () => false,
        ),
    },
    outputOf: (process: Process): WarningLog => ({
      open: async (partition, mark) => {
        const send: Send = (name, effect) => world.call(process, name, effect, true)
        const producer = await world.call(
          process,
          'output.fence',
          async () => fence(partition),
          true,
        )
        // Whoever fences next reads after us: what we read may be old, but nothing of ours gets in.
        return world.call(
          process,
          'output.readBack',
          async () => openedAt(partition, mark, producer, send, () => world.isStruck('neverSent')),
          false,
        )
      },
      close: async () => {},
    }),
  }
}
