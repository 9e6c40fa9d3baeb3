/** `forewarn score`: warnings against the truth of a simulated stream. */
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { differenceText, scoreOf } from '../fleet/score.ts'
import type { Truth } from '../fleet/simulate.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'

export async function score(
  io: Io,
  warnings: string,
  { truth: truthFile }: Readonly<{ truth: string }>,
): Promise<ExitCode> {
  const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as Truth
  const input = warnings === '-' ? io.stdin : createReadStream(warnings)
  const lines: string[] = []
  for await (const line of createInterface({ input })) if (line !== '') lines.push(line)
  const result = scoreOf(truth, lines)
  io.stdout.write(`${differenceText(result)}\n`)
  const isClean = result.missing.length === 0 && result.unexpected.length === 0
  if (!isClean) say(io, 'forewarn score: the warnings differ from the truth')
  return isClean ? EXIT.ok : EXIT.problems
}
