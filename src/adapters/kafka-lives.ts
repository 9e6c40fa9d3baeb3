/**
 * The partitions of one member, each from its assignment to the next: which may be read, from where,
 * and which batch still belongs to it. kafkajs can hand over a batch fetched before a rebalance, or
 * from an offset that it reset on its own; neither reaches the listener.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Batch, Consumer, EachBatchPayload } from 'kafkajs'
import type { LogListener } from '../core/ports.ts'
import { nextOffset, stretchesOf, type Stretch } from './kafka-records.ts'

/** Offsets in kafkajs's text: of the first record and of the last, none of them for a reader. */
export type ControlOnly = Readonly<{ partition: number; from: string; last: string }>

type Life = {
  /** 0: assigned and waiting for its first `start`. */
  starts: number
  isPaused: boolean
  /** Where the next batch must begin. */
  position: number
  /** Batches in a row that began elsewhere. */
  strays: number
  /** Ends when everything handed over so far has been taken. */
  tail: Promise<void>
}

/** Seeking back heals a stray batch; a log that really begins elsewhere answers the same each time. */
const STRAYS_MAX = 5

export type Lives = ReturnType<typeof createLives>

export function createLives(
  topic: string,
  consumer: () => Consumer | undefined,
  listener: Pick<LogListener, 'assigned' | 'batch' | 'unreadable'>,
  fatal: (error: unknown) => void,
) {
  const seek = (partition: number, offset: number): void =>
    quietly(() => consumer()?.seek({ topic, partition, offset: String(offset) }))
  const pause = (partitions: readonly number[]): void =>
    quietly(() => consumer()?.pause([{ topic, partitions: [...partitions] }]))
  const resume = (partition: number): void =>
    quietly(() => consumer()?.resume([{ topic, partitions: [partition] }]))
  let lives = new Map<number, Life>()
  let last: Promise<unknown> = Promise.resolve()

  /**
   * Resolves in a turn of the event loop of its own. What a batch takes is mostly work without a pause:
   * without this, all partitions of a fetch are worked through in one turn, which under load is longer
   * than an answer may take that has already come.
   */
  function ownTurn(): Promise<unknown> {
    last = last.then(() => nextTurn())
    return last
  }

  /** Whether a batch that begins at `from` is the one this life waits for. */
  function isNext(life: Life, partition: number, from: number): boolean {
    if (from === life.position) life.strays = 0
    if (from === life.position) return true
    life.strays += 1
    if (life.strays <= STRAYS_MAX) {
      seek(partition, life.position)
      return false
    }
    // Deleted by retention or compaction: the listener sees the jump and judges it.
    if (from > life.position) return true
    fatal(
      new Error(
        `partition ${partition} cannot be read at ${life.position}: it was cut or made anew`,
      ),
    )
    return false
  }

  async function deliver(
    life: Life,
    partition: number,
    stretches: readonly Stretch[],
  ): Promise<void> {
    for (const stretch of stretches) {
      await ownTurn()
      if (lives.get(partition) !== life) return
      if (stretch.kind === 'records') {
        await listener.batch(partition, stretch.records, stretch.next)
      } else {
        await listener.unreadable(partition, stretch.from, stretch.next, stretch.why)
      }
    }
  }

  async function take(
    partition: number,
    span: Readonly<{ from: number; next: number }>,
    read: () => readonly Stretch[],
  ): Promise<boolean> {
    const life = lives.get(partition)
    if (life === undefined || life.isPaused || !isNext(life, partition, span.from)) return false
    const { starts } = life
    const stretches = read()
    life.position = span.next
    life.tail = life.tail.then(() => deliver(life, partition, stretches)).catch(fatal)
    await life.tail
    return lives.get(partition) === life && life.starts === starts
  }

  return {
    has: (partition: number) => lives.has(partition),

    /** Pauses before anything else, in the same turn: a fetch that has begun is then dropped. */
    assign: (partitions: readonly number[]) => {
      pause(partitions)
      const fresh = (): Life => ({
        starts: 0,
        isPaused: true,
        position: 0,
        strays: 0,
        tail: Promise.resolve(),
      })
      lives = new Map(partitions.map((partition) => [partition, fresh()]))
      listener.assigned(partitions)
    },

    start: (partition: number, offset: number) => {
      const life = lives.get(partition)
      if (life === undefined) return
      Object.assign(life, { starts: life.starts + 1, isPaused: false, position: offset, strays: 0 })
      seek(partition, offset)
      resume(partition)
    },

    pause: (partition: number) => {
      const life = lives.get(partition)
      if (life === undefined) return
      life.isPaused = true
      pause([partition])
    },

    resume: (partition: number) => {
      const life = lives.get(partition)
      if (life === undefined || life.starts === 0) return
      life.isPaused = false
      resume(partition)
    },

    /**
     * Hands a batch over. Resolves when the listener has taken it, to whether kafkajs may go on
     * after it: not if this is a stray, nor if the partition was lost or started elsewhere meanwhile.
     */
    takeBatch: async (payload: EachBatchPayload): Promise<boolean> => {
      if (payload.isStale()) return false
      const { batch } = payload
      const span = { from: fetchedOffset(batch), next: nextOffset(batch.lastOffset()) }
      return take(batch.partition, span, () => stretchesOf(batch))
    },

    /** What kafkajs passed over without a batch: the position follows, or never meets the end. */
    takeControlOnly: async ({ partition, from, last }: ControlOnly): Promise<boolean> => {
      const next = nextOffset(last)
      return take(partition, { from: Number(from), next }, () => [
        { kind: 'records', records: [], next },
      ])
    },

    /** No partition is held any more; resolves when no call to the listener is under way. */
    end: async (): Promise<void> => {
      const tails = [...lives.values()].map((life) => life.tail)
      lives = new Map()
      await Promise.all(tails)
    },
  }
}

/** A consumer that has just crashed has no group any more: another assignment will follow, or the end. */
function quietly(ask: () => void): void {
  try {
    ask()
  } catch (error) {
    const isGone = error instanceof Error && error.name === 'KafkaJSNonRetriableError'
    if (!isGone) throw error
  }
}

/** Not in kafkajs's types: where the fetch began, which need not be where the first record is. */
function fetchedOffset(batch: Batch): number {
  const { fetchedOffset: offset } = batch as Batch & { fetchedOffset?: string }
  return Number(offset ?? batch.firstOffset())
}
