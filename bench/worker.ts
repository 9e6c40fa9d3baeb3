/** One stage in a process of its own, so that its CPU and memory are its own. Started by `run.ts`. */
import { drain, drainAndParse } from './drain.ts'
import { perBatch, perMessage, perMessageOne } from './idiomatic.ts'
import { profiled } from './profile.ts'
import { serve } from './service.ts'
import type { StageName, StageOrder, StageResult } from './stage.ts'

const RUN: Readonly<Record<StageName, (order: StageOrder) => Promise<StageResult>>> = {
  consume: drain,
  parse: drainAndParse,
  forewarn: serve,
  'per-batch': perBatch,
  'per-message': (order) => perMessage(order),
  'per-message-one': perMessageOne,
}

// Whoever gave the order is gone.
process.once('disconnect', () => process.exit(1))

process.once('message', (order: StageOrder) => {
  const { stage, profileTo } = order
  const run = () => RUN[stage](order)
  const running = profileTo === undefined ? run() : profiled(run, profileTo)
  running.then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${stage}: ${error instanceof Error ? error.stack : String(error)}\n`)
      process.exit(1)
    },
  )
})
