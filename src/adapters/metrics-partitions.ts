/** Gauges of the assigned partitions. What depends on the time of day is computed at the scrape. */
import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { Observer, PartitionPhase } from '../core/observer.ts'
import { SECOND_MS } from '../core/time.ts'
import type { EpochMs } from '../core/time.ts'

type Progress = Parameters<Observer['progress']>[1]

export type PartitionGauges = Readonly<{
  progress: Observer['progress']
  released: Observer['released']
  outbox: Observer['outbox']
}>

export type PartitionGaugesOptions = Readonly<{
  topic: string
  nowMs: () => EpochMs
  /** Partitions that an incident stopped: some of them never made any progress here. */
  stopped: () => readonly number[]
  outbox: Gauge
}>

const PHASES: readonly PartitionPhase[] = ['ok', 'catching-up', 'blind', 'stopped']

/** A released partition has no series left: another process tells of it. */
export function createPartitionGauges(
  registry: Registry,
  { topic, nowMs, stopped, outbox }: PartitionGaugesOptions,
): PartitionGauges {
  const known = new Map<number, Progress>()
  const labelled = (partition: number) => ({ topic, partition: `${partition}` })
  const secondsSince = (atMs: EpochMs) => Math.max(0, nowMs() - atMs) / SECOND_MS

  /** Of each partition that has such a value. */
  function perPartition(
    name: string,
    help: string,
    valueOf: (at: Progress) => number | undefined,
  ): void {
    const gauge: Gauge = new Gauge({
      name: `forewarn_${name}`,
      ...{ help, labelNames: ['topic', 'partition'], registers: [registry] },
      collect: () => {
        gauge.reset()
        for (const [partition, at] of known) {
          const value = valueOf(at)
          if (value !== undefined) gauge.set(labelled(partition), value)
        }
      },
    })
  }

  perPartition('consumer_lag_records', 'Records not yet folded.', lagRecords)
  perPartition(
    'consumer_lag_seconds',
    'Age of the arrival clock while records wait; 0 at the end.',
    (at) => (lagRecords(at) === 0 ? 0 : ifTold(at.clockMs, secondsSince)),
  )
  perPartition(
    'arrival_clock_timestamp_seconds',
    'How far the partition has provably been read.',
    ({ clockMs }) => ifTold(clockMs, (ms) => ms / SECOND_MS),
  )
  perPartition('event_time_lag_seconds', 'Age of the newest event time.', ({ newestEventMs }) =>
    ifTold(newestEventMs, secondsSince),
  )
  perPartition(
    'silent_merchants',
    'Merchants that fell silent together, when they did: their stages of absence wait.',
    ({ silences }) => silences.reduce((sum, { accounts }) => sum + accounts, 0),
  )
  const isStopped: Gauge = new Gauge({
    name: 'forewarn_partition_stopped',
    help: '1: an incident waits for a person.',
    ...{ labelNames: ['topic', 'partition'], registers: [registry] },
    collect: () => {
      isStopped.reset()
      for (const partition of known.keys()) isStopped.set(labelled(partition), 0)
      for (const partition of stopped()) isStopped.set(labelled(partition), 1)
    },
  })
  acrossPartitions(registry, { known, stopped, secondsSince })

  return {
    progress: (partition, at) => known.set(partition, at),
    released: (partition) => {
      known.delete(partition)
      outbox.remove(labelled(partition))
    },
    outbox: (partition, entries) => outbox.set(labelled(partition), entries),
  }
}

type All = Readonly<{
  known: ReadonlyMap<number, Progress>
  stopped: () => readonly number[]
  secondsSince: (atMs: EpochMs) => number
}>

function acrossPartitions(registry: Registry, { known, stopped, secondsSince }: All): void {
  const registers = [registry]
  const assigned: Gauge = new Gauge({
    name: 'forewarn_consumer_assigned_partitions',
    ...{ help: 'Partitions of this process.', registers },
    collect: () => assigned.set(new Set([...known.keys(), ...stopped()]).size),
  })
  const partitions: Gauge = new Gauge({
    name: 'forewarn_partitions',
    ...{ help: 'Partitions of this process by state.', labelNames: ['state'], registers },
    collect: () => {
      const phases = new Map([...known].map(([partition, { phase }]) => [partition, phase]))
      for (const partition of stopped()) phases.set(partition, 'stopped')
      for (const state of PHASES) {
        partitions.set({ state }, [...phases.values()].filter((it) => it === state).length)
      }
    },
  })
  const timerLag: Gauge = new Gauge({
    name: 'forewarn_timer_lag_seconds',
    ...{ help: 'How long the oldest provable timer has been waiting.', registers },
    collect: () => {
      const waiting = [...known.values()].flatMap(({ timerDueMs }) => timerDueMs ?? [])
      timerLag.set(waiting.length === 0 ? 0 : secondsSince(Math.min(...waiting)))
    },
  })
}

function lagRecords({ position, end }: Progress): number | undefined {
  return end === undefined ? undefined : Math.max(0, end - position)
}

/** Before the first record a clock stands at 0 or at no instant at all. */
function ifTold(atMs: EpochMs, valueOf: (atMs: EpochMs) => number): number | undefined {
  return Number.isFinite(atMs) && atMs > 0 ? valueOf(atMs) : undefined
}
