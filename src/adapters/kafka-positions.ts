/** The group's offsets, written for lag tools alone: nothing is ever read from there. */
import type { Consumer, EachBatchPayload } from 'kafkajs'

/**
 * kafkajs has two ways to commit. Inside a handler only the payload's is safe: an error of the other
 * would end consumption at an ordinary rebalance. Outside a handler only the other exists.
 */
export function createPositions(topic: string, consumer: () => Consumer | undefined) {
  const waiting = new Map<number, number>()
  let handling = 0

  function taken(): { partition: number; offset: string }[] {
    const partitions = [...waiting].map(([partition, offset]) => ({
      partition,
      offset: String(offset),
    }))
    waiting.clear()
    return partitions
  }

  return {
    /** Those of partitions that were lost must not be written by us. */
    clear: () => waiting.clear(),

    publish: async (partition: number, offset: number): Promise<void> => {
      waiting.set(partition, offset)
      if (handling > 0) return
      const commits = taken().map((position) => ({ topic, ...position }))
      // Refused in a rebalance, and then of no interest.
      await consumer()
        ?.commitOffsets(commits)
        .catch(() => {})
    },

    /** Around a handler: `publish` waits for its end, where what waited is written. */
    during: async (payload: EachBatchPayload, handle: () => Promise<void>): Promise<void> => {
      handling += 1
      try {
        await handle()
        if (waiting.size === 0) return
        const topics = [{ topic, partitions: taken() }]
        // The heartbeat that follows the handler meets the same error, and kafkajs acts on that.
        await payload.commitOffsetsIfNecessary({ topics }).catch(() => {})
      } finally {
        handling -= 1
      }
    },
  }
}
