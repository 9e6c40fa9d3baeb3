/** Lets faults happen: each lane deals one after another from its deck until the time is up. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Prng } from '../support/prng.ts'
import { between } from './world.ts'
import type { Fault, Kills, World } from './world.ts'

/** One time that a fault was exercised. Instants are of the wall clock. */
export type Exercise = Readonly<{
  name: string
  fromMs: number
  /** When all partitions had moved again; undefined: they did not in time. */
  toMs: number | undefined
  /** From the end of the fault. */
  recoveryMs: number | undefined
  /** Acknowledged by the brokers in the meantime. */
  records: number
  /** Why it could not be exercised as it should. */
  failure: string | undefined
}>

export type LaneOptions = Readonly<{
  world: World
  faults: readonly Fault[]
  dice: Prng
  kills: Kills
  records: () => number
  isOver: () => boolean
  /** Between a recovery and the next fault, at most. */
  gapMs: number
  done: (exercise: Exercise) => void
}>

const RECOVERY_MAX_MS = 300_000

export async function runLane(options: LaneOptions): Promise<void> {
  const { faults, dice, isOver, gapMs, done } = options
  while (!isOver() && faults.length > 0) {
    for (const fault of shuffled(faults, dice)) {
      if (isOver()) return
      done(await exercise(fault, options))
      await sleep(between(dice, 0, gapMs))
    }
  }
}

/** Every fault as often as its share, in any order. */
function shuffled(faults: readonly Fault[], dice: Prng): readonly Fault[] {
  const deck = faults.flatMap((fault) => Array.from({ length: fault.share }, () => fault))
  for (let at = deck.length - 1; at > 0; at--) {
    const other = dice.below(at + 1)
    const [a, b] = [deck[at], deck[other]]
    if (a !== undefined && b !== undefined) [deck[at], deck[other]] = [b, a]
  }
  return deck
}

async function exercise(fault: Fault, options: LaneOptions): Promise<Exercise> {
  const { world, dice, kills, records } = options
  const [fromMs, before] = [Date.now(), records()]
  const failure = await fault.befall(world, dice, kills).then(
    () => undefined,
    (error: unknown) => String(error),
  )
  if (failure !== undefined) await heal(world)
  const recoveryMs = await world.positions.moved(RECOVERY_MAX_MS)
  return {
    ...{ name: fault.name, fromMs, recoveryMs, failure },
    toMs: recoveryMs === undefined ? undefined : Date.now(),
    records: records() - before,
  }
}

/** All is as it was, as far as that can be said. */
export async function heal({ brokers, redis, redisLinks, positions }: World): Promise<void> {
  for (let node = 0; node < brokers.count; node++) brokers.resume(node)
  redis.resume()
  for (const link of [...brokers.links.flat(), ...redisLinks]) link.set({})
  await positions.redis.config('SET', 'maxmemory', '0').catch(() => {})
  await positions.redis.replicaof('NO', 'ONE').catch(() => {})
}
