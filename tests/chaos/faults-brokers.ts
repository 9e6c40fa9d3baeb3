/** What befalls the brokers and the group. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer } from 'kafkajs'
import type { Prng } from '../support/prng.ts'
import { between } from './world.ts'
import type { Fault, World } from './world.ts'

const lane = 'dependencies' as const
const JOIN_MAX_MS = 20_000

/** A member that reads nothing of what it is given, for a while. */
async function withStranger(
  { kafka, names }: World,
  work: (stranger: Consumer) => Promise<unknown>,
): Promise<void> {
  const stranger = kafka.consumer({
    ...{ groupId: names.groupId, sessionTimeout: 6_000, heartbeatInterval: 1_000 },
    retry: { retries: 2, restartOnFailure: async () => false },
  })
  const joined = Promise.withResolvers<void>()
  stranger.on(stranger.events.GROUP_JOIN, () => joined.resolve())
  try {
    await stranger.connect()
    await stranger.subscribe({ topic: names.topics.events, fromBeginning: true })
    await stranger.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async () => {},
    })
    await Promise.race([joined.promise, sleep(JOIN_MAX_MS)])
    await work(stranger)
  } finally {
    await stranger.disconnect().catch(() => {})
  }
}

async function killed({ brokers }: World, node: number, dice: Prng): Promise<void> {
  await brokers.kill(node)
  await sleep(between(dice, 0, 2_000))
  await brokers.start(node)
}

export const BROKER_FAULTS: readonly Fault[] = [
  {
    ...{ name: 'broker killed', rows: 'F12 F14', lane, share: 1 },
    befall: async (world, dice, kills) => {
      kills.broker++
      await killed(world, dice.below(world.brokers.count), dice)
    },
  },
  {
    ...{ name: 'broker stopped', rows: 'F13', lane, share: 1 },
    befall: async ({ brokers }, dice) => {
      const node = dice.below(brokers.count)
      brokers.pause(node)
      await sleep(between(dice, 2_000, 12_000))
      brokers.resume(node)
    },
  },
  {
    ...{ name: 'group: rebalance storm', rows: 'F7', lane, share: 1 },
    befall: async (world, dice) => {
      for (let times = 2 + dice.below(3); times > 0; times--) {
        await withStranger(world, async () => sleep(between(dice, 100, 2_000)))
      }
    },
  },
  {
    ...{ name: 'group: offset moved by a stranger', rows: 'F18', lane, share: 1 },
    befall: (world, dice) =>
      withStranger(world, async (stranger) => {
        const { partitions, names } = world
        const ends = await world.positions.ends()
        const moved = ends.map((end, partition) => ({
          ...{ topic: names.topics.events, partition },
          offset: String(dice.chance(0.5) ? 0 : end),
        }))
        const some = moved.slice(0, 1 + dice.below(partitions))
        // It may have been thrown out meanwhile; then nothing was moved.
        await stranger.commitOffsets(some).catch(() => {})
      }),
  },
]
