/** Everything that a fault may lay hands on. */
import type { Admin, Kafka } from 'kafkajs'
import type { RedisProcess } from '../support/redis-process.ts'
import type { Prng } from '../support/prng.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import type { Brokers } from './brokers.ts'
import type { Instances } from './instances.ts'
import type { Names } from './names.ts'
import type { Positions } from './positions.ts'

export type World = Readonly<{
  names: Names
  /** The input. */
  topic: string
  brokers: Brokers
  kafka: Kafka
  admin: Admin
  redis: RedisProcess
  /** By instance. */
  redisLinks: readonly TcpProxy[]
  instances: Instances
  positions: Positions
  partitions: number
}>

/** Processes that were killed. */
export type Kills = Record<'instance' | 'redis' | 'broker', number>

export type Fault = Readonly<{
  name: string
  /** Of the fault matrix. */
  rows: string
  /** Two faults of one lane never last at once. */
  lane: 'instances' | 'dependencies'
  /** How often it is in the deck. */
  share: number
  /** Resolves when it is over and all is as it was: recovery counts from here. */
  befall: (world: World, dice: Prng, kills: Kills) => Promise<void>
}>

/** A number in [from, to). */
export const between = (dice: Prng, from: number, to: number): number =>
  from + dice.fraction() * (to - from)
