/** What befalls the broker that leads the warnings' partition while its writer is taken over. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaBrokers } from '../support/kafka-brokers.ts'
import { quietKafka } from '../support/kafka-process.ts'
import { prng } from '../support/prng.ts'

export type LeaderTrouble = Readonly<{
  befall: (takeover: number) => Promise<void>
  counts: () => Readonly<{ killed: number; stopped: number; moved: number }>
}>

const EACH = 2
const BEFORE_MS_MAX = 200
/** Longer than a session of a broker: 3 s. */
const STOPPED_MS = 6_000
const WHOLE_MAX_MS = 60_000
const POLL_MS = 100

/** At each second takeover; killed and stopped by turns. Resolves when all replicas are in sync again. */
export function createLeaderTrouble(
  cluster: KafkaBrokers,
  topic: string,
  seed: number,
): LeaderTrouble {
  const dice = prng(seed + 1)
  const counts = { killed: 0, stopped: 0, moved: 0 }

  async function befall(takeover: number): Promise<void> {
    if (takeover % EACH !== 0) return
    const leader = await cluster.leaderOf(topic, 0)
    await sleep(dice.below(BEFORE_MS_MAX))
    if (counts.killed <= counts.stopped) {
      counts.killed++
      await cluster.kill(leader)
      await untilMoved(leader)
      await cluster.start(leader)
    } else {
      counts.stopped++
      cluster.pause(leader)
      await Promise.all([untilMoved(leader), sleep(STOPPED_MS)])
      cluster.resume(leader)
    }
    await untilWhole(cluster.brokers, topic)
  }

  async function untilMoved(from: number): Promise<void> {
    while ((await cluster.leaderOf(topic, 0)) === from) await sleep(POLL_MS)
    counts.moved++
  }

  return { befall, counts: () => counts }
}

async function untilWhole(brokers: string, topic: string): Promise<void> {
  const giveUpAt = performance.now() + WHOLE_MAX_MS
  const admin = quietKafka(brokers).admin()
  await admin.connect()
  try {
    while (performance.now() < giveUpAt) {
      // Those that have just come back do not know it yet.
      const known = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined)
      const [partition] = known?.topics[0]?.partitions ?? []
      if (partition !== undefined && partition.isr.length === partition.replicas.length) return
      await sleep(POLL_MS)
    }
    throw new Error(`${topic}: the replicas did not come back`)
  } finally {
    await admin.disconnect()
  }
}
