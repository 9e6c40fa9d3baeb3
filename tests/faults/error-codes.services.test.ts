/**
 * One code of each request; where CI=true one of each kind. All of them: `node tests/faults/error-codes-main.ts`,
 * or FOREWARN_ALL_CODES=1.
 */
import { expect, test } from 'vitest'
import { isCi, leftToCi } from '../support/ci.ts'
import { describeWithOwnBoth } from '../support/services.ts'
import { allCases, createErrorRig, isGood } from './error-codes.ts'
import type { Case, Outcome } from './error-codes.ts'
import type { Api } from '../support/kafka-frames.ts'

/** Retriable, a crash of the client, a rebalance, rights taken away; of every request at least one. */
const SOME: Readonly<Partial<Record<Api, readonly number[]>>> = {
  Fetch: [-1, 1, 6, 29],
  ListOffsets: [29],
  Metadata: [5],
  FindCoordinator: [15],
  JoinGroup: [14, -1],
  SyncGroup: [27, 22],
  Heartbeat: [22, 30],
  OffsetCommit: [27],
  OffsetFetch: [14],
  InitProducerId: [51, 47],
  Produce: [6, 45, 29],
}
leftToCi('half of the error codes of Kafka')
const isSome = ({ api, code, times, when }: Case): boolean => {
  const place = SOME[api]?.indexOf(code) ?? -1
  return when === 'running' && times === 1 && (isCi ? place >= 0 : place === 0)
}

const cases = allCases().filter((it) => process.env['FOREWARN_ALL_CODES'] === '1' || isSome(it))
const CASE_MAX_MS = 90_000

describeWithOwnBoth('an answer with an error code', () => {
  test(
    'is followed by progress, or by an end that is seen',
    {
      timeout: 60_000 + cases.length * CASE_MAX_MS,
    },
    async () => {
      const outcomes: Outcome[] = []
      await using rig = await createErrorRig()
      for (const its of cases) outcomes.push(await rig.run(its))
      expect(outcomes.filter((it) => !isGood(it))).toEqual([])
      const ended = (how: Outcome['fate']) => outcomes.filter(({ fate }) => fate === how).length
      expect(ended('progress')).toBeGreaterThan(isCi ? 10 : 5)
      expect(ended('exit')).toBeGreaterThan(isCi ? 1 : 0)
    },
  )
})
