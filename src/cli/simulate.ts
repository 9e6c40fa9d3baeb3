/** `forewarn simulate`: a fleet's events as lines, or into Kafka, and the truth about them. */
import { writeFileSync } from 'node:fs'
import { SCENARIOS, simulate as simulated } from '../fleet/simulate.ts'
import { parseDay } from '../events/time-text.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { createLines } from './lines.ts'
import { wholeNumber } from './numbers.ts'
import { createProgress } from './progress.ts'

export type SimulateOptions = Readonly<{
  merchants: string
  days: string
  seed: string
  from?: string
  scenario?: string
  truth?: string
  to: 'stdout' | 'kafka'
  config?: string
}>

// Lines between two looks at whether the reader keeps up.
const CHUNK_LINES = 2_000

export async function simulate(io: Io, options: SimulateOptions): Promise<ExitCode> {
  const { scenario, from, truth: truthFile } = options
  if (scenario !== undefined && !SCENARIOS.some(({ name }) => name === scenario)) {
    for (const { name, about } of SCENARIOS) say(io, `  ${name.padEnd(24)} ${about}`)
    if (scenario === 'list') return EXIT.ok
    say(io, `forewarn simulate: there is no scenario ${scenario}`)
    return EXIT.usage
  }
  const merchants = wholeNumber(io, '--merchants', options.merchants)
  const days = wholeNumber(io, '--days', options.days)
  const seed = wholeNumber(io, '--seed', options.seed, 0)
  if (merchants === undefined || days === undefined || seed === undefined) return EXIT.usage
  if (from !== undefined && parseDay(from) === undefined) {
    say(io, `forewarn simulate: --from ${from} is no date YYYY-MM-DD`)
    return EXIT.usage
  }
  const given = {
    ...{ merchants, days, seed },
    ...(from === undefined ? {} : { from }),
    ...(scenario === undefined ? {} : { scenario }),
  }
  const simulation = simulated(given)
  const progress = createProgress(io, { label: 'simulate', unit: 'records' })
  const exit =
    options.to === 'kafka'
      ? await (
          await import('./simulate-to-kafka.ts')
        ).toKafka(io, simulation.lines, options, progress)
      : await toStdout(io, simulation.lines, progress)
  progress.done()
  if (truthFile !== undefined && exit === EXIT.ok) {
    writeFileSync(truthFile, `${JSON.stringify(simulation.truth())}\n`)
  }
  return exit
}

async function toStdout(
  io: Io,
  lines: Iterable<string>,
  progress: ReturnType<typeof createProgress>,
): Promise<ExitCode> {
  const out = createLines(io.stdout)
  let count = 0
  for (const line of lines) {
    out.write(line)
    if (++count % CHUNK_LINES !== 0) continue
    progress.at(count)
    await out.drained()
    if (io.stopping.aborted) break
  }
  await out.end()
  return EXIT.ok
}
