/**
 * Many seeds on all cores: `node tests/simulation/long.ts --seeds 100000 --from 1`. `SEED=n` plays one and
 * tells all that happens in it; `--planted` looks how many seeds each planted mistake takes. Exit code 1:
 * a seed failed, or a mistake was not found.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { complaints } from './complaints.ts'
import { PLANTED, seedsUntilFound } from './planted.ts'
import { runOf, tallyOver } from './seeds.ts'
import type { Tally } from './seeds.ts'
import { simulate } from './simulate.ts'

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    planted: { type: 'boolean', default: false },
  },
})
const seed = flags.seed ?? process.env['SEED']
const print = (line = ''): void => void process.stdout.write(`${line}\n`)

async function playOne(one: number): Promise<boolean> {
  const tell = (atMs: number, what: string): void =>
    print(`${atMs.toFixed(1).padStart(10)}  ${what}`)
  const outcome = await simulate({ ...runOf(one), tell })
  const found = complaints(outcome)
  print(`\nseed ${one}: ${found.length === 0 ? 'nothing to complain of' : ''}`)
  for (const it of found) print(`  ${it}`)
  return found.length === 0
}

async function findPlanted(): Promise<boolean> {
  let isAllFound = true
  for (const planted of PLANTED) {
    const seeds = await seedsUntilFound(planted)
    isAllFound &&= seeds !== undefined
    print(`${planted.mistake.padEnd(44)} ${seeds ?? `not in ${planted.seedsMax}`}`)
  }
  return isAllFound
}

async function playMany(): Promise<boolean> {
  const range = { from: whole('from', flags.from), seeds: whole('seeds', flags.seeds) }
  const startedMs = performance.now()
  const sum = await tallyOver(whole('threads', flags.threads), range, ({ seeds, failures }) => {
    if (!process.stderr.isTTY) return
    const rate = Math.round(seeds / ((performance.now() - startedMs) / 1_000))
    const text = `${seeds} of ${range.seeds} seeds, ${rate} a second, ${failures.length} failed`
    process.stderr.write(`\r${text}`)
  })
  if (process.stderr.isTTY) process.stderr.write('\n')
  report(sum, (performance.now() - startedMs) / 1_000)
  return sum.failures.length === 0
}

function report(sum: Tally, seconds: number): void {
  const rate = (sum.seeds / seconds).toFixed(0)
  print(`${sum.seeds} seeds in ${seconds.toFixed(0)} s: ${rate} a second; ${sum.records} records`)
  table('faults exercised', sum.exercised)
  table('incidents, each of the exact range', sum.incidents)
  const points = Object.values(sum.points)
  const covered = points.filter((crashes) => crashes > 0).length
  table(`crashes at calls of ports: ${covered} of ${points.length} points`, sum.points)
  print(`failing seeds: ${sum.failures.length}`)
  for (const it of sum.failures.slice(0, 20))
    print(`  SEED=${it.seed}  ${it.complaints.slice(0, 3).join('; ')}`)
}

function table(title: string, counts: Readonly<Record<string, number>>): void {
  print(`\n${title}`)
  for (const name of Object.keys(counts).toSorted())
    print(`  ${name.padEnd(28)} ${String(counts[name]).padStart(10)}`)
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`--${name} ${text} is no count`)
  return value
}

const isWell =
  seed !== undefined
    ? await playOne(whole('seed', seed))
    : flags.planted
      ? await findPlanted()
      : await playMany()
process.exitCode = isWell ? 0 : 1
