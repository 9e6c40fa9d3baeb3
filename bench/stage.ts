/** What passes between the benchmark and the process that runs one of its stages. */
import type { Spent } from './meter.ts'

export const STAGES = [
  ...(['consume', 'parse', 'forewarn'] as const),
  ...(['per-batch', 'per-message', 'per-message-one'] as const),
] as const
export type StageName = (typeof STAGES)[number]

/** How each stage is called in the table. */
export const TITLES: Readonly<Record<StageName, string>> = {
  consume: 'kafkajs, consume only',
  parse: 'kafkajs + JSON.parse',
  forewarn: 'Forewarn, end to end',
  'per-batch': 'ZSETs, a pipeline per batch',
  'per-message': 'ZSETs, a pipeline per message',
  'per-message-one': 'the same, one partition at once',
}

/** Offsets of one partition, [from, to). */
export type Share = Readonly<{ partition: number; from: number; to: number }>

export type Topics = Readonly<{
  events: string
  warnings: string
  standing: string
  deadLetters: string
}>

export type StageOrder = Readonly<{
  stage: StageName
  brokers: readonly string[]
  redisUrl: string
  /** Names this stage's group and its keys in Redis. */
  name: string
  topics: Topics
  shares: readonly Share[]
  /** Where to run to, for the service. */
  untilMs: number
  /** Writes a CPU profile there. */
  profileTo?: string
}>

export type StageResult = Readonly<{
  spent: Spent
  /** Of that, what comes after the warm-up. */
  warm: Spent
  /** What the service says of itself; by name. */
  figures: Readonly<Record<string, number>>
}>

export function recordsIn(shares: readonly Share[]): number {
  return shares.reduce((sum, { from, to }) => sum + to - from, 0)
}
