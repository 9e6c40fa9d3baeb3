/** What an engine's status means for whoever restarts it, sends it work, or has to look at it. */
import type { EngineStatus } from './engine.ts'

/** `reasons` says why not, for an operator. */
type Health = Readonly<{ ok: boolean; reasons: readonly string[] }>

/** Joined, not draining, and no partition waits for the store. */
export function readyOf({ hasJoined, isDraining, partitions }: EngineStatus): Health {
  const reasons = [
    ...(hasJoined ? [] : ['has not joined the consumer group yet']),
    ...(isDraining ? ['is shutting down'] : []),
    ...partitions
      .filter(({ waitsFor }) => waitsFor.includes('store'))
      .map(({ partition }) => `partition ${partition} waits for the store`),
  ]
  return { ok: reasons.length === 0, reasons }
}

/** Progress, or proven idleness. */
export function aliveOf({ isLive, stalled }: EngineStatus): Health {
  return {
    ok: isLive,
    reasons: stalled.map((partition) => `partition ${partition} makes no progress`),
  }
}

/** Joined once. */
export function startedOf({ hasJoined }: EngineStatus): Health {
  return { ok: hasJoined, reasons: hasJoined ? [] : ['has not joined the consumer group yet'] }
}

/** Those that have stopped a partition. */
export function incidentsOf({ partitions }: EngineStatus) {
  return partitions.flatMap(({ partition, incident }) => {
    return incident === undefined ? [] : [{ partition, kind: incident.kind }]
  })
}
