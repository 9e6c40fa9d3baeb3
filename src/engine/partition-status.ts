/** What can be said about a partition from outside: for the console, the probes and `run --until`. */
import type { PartitionPhase } from '../core/observer.ts'
import type { SilentCohort } from '../core/silence.ts'
import type { EpochMs } from '../core/time.ts'
import type { EngineDeps } from './dependencies.ts'
import type { Hold } from './holds.ts'
import type { Acceptance, Incident } from './incident.ts'
import { phaseOf } from './life-loop.ts'
import type { Life } from './life.ts'

export type PartitionStatus = Readonly<{
  partition: number
  phase: PartitionPhase
  position: number | undefined
  /** End of the log as last heard. */
  end: number | undefined
  clockMs: EpochMs | undefined
  lagRecords: number | undefined
  /** Entries committed and not yet acknowledged. */
  outbox: number
  /** Why it takes no records now: a dependency is away, or does not keep up. */
  waitsFor: readonly (Hold | 'policy')[]
  /** Hash of the policy that judges here. While some accounts wait for it, `waitsFor` says so. */
  policy: string | undefined
  /** Records stamped too far ahead of the wall, or more than the grace behind the arrival clock. */
  clockBreaches: Readonly<{ ahead: number; behind: number }>
  /** Merchants that fell silent together: their stages of absence wait for them, or for a person. */
  silences: readonly SilentCohort[]
  incident: Incident | undefined
  /** Those that somebody went on in spite of, the latest last. */
  accepted: readonly Acceptance[]
  /** Stopped, or at the end of the run: nothing is left to do here. */
  isDone: boolean
}>

/** `life` is the present one, or the last there was. */
export function partitionStatus(
  deps: EngineDeps,
  partition: number,
  life: Life | undefined,
  so: Pick<PartitionStatus, 'incident' | 'isDone'> & Readonly<{ waitsFor: readonly Hold[] }>,
): PartitionStatus {
  const position = life?.state.position
  const end = life?.arrivalClock.endKnown()
  const isKnown = position !== undefined && end !== undefined
  const phase = life === undefined ? 'catching-up' : phaseOf(deps, life)
  const isJudging = life?.state.policy.isPending === true && so.incident === undefined
  return {
    ...so,
    waitsFor: isJudging ? [...so.waitsFor, 'policy'] : so.waitsFor,
    policy: life?.state.policy.hash,
    partition,
    phase: so.incident === undefined ? phase : 'stopped',
    position,
    end,
    clockMs: life?.state.memory.clockMs,
    lagRecords: isKnown ? Math.max(0, end - position) : undefined,
    outbox: life?.pendingCount() ?? 0,
    silences: life === undefined ? [] : deps.fold.silences(life.state.memory),
    accepted: life?.state.accepted ?? [],
    clockBreaches: life?.state.clockBreaches ?? { ahead: 0, behind: 0 },
  }
}
