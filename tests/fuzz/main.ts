/** `npm run fuzz -- [--seed N] [--mutants N] [--mutant N]`: exit code 1 where something is broken. */
import { parseArgs } from 'node:util'
import { shippedPolicy } from '../support/watch.ts'
import { CHUNK, createFuzzer, STALL_MS, type Finding } from './fuzzer.ts'
import { findingText } from './report.ts'

const MUTANTS_DEFAULT = 1_000_000
const PROGRESS_EVERY = 10_000

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    mutants: { type: 'string' },
    /** One of an earlier run, and those before it that share its accounts. */
    mutant: { type: 'string' },
  },
})

const seed = numberOf('seed', values.seed ?? `${Date.now() % 1_000_000}`)
const mutants = numberOf('mutants', values.mutants ?? `${MUTANTS_DEFAULT}`)
const one = values.mutant === undefined ? undefined : numberOf('mutant', values.mutant)

process.on('unhandledRejection', (reason) => {
  process.stderr.write(`seed ${seed}: a rejection that nobody handles\n`)
  throw reason
})

process.exitCode = one === undefined ? fuzz() : again(one)

function fuzz(): number {
  const fuzzer = createFuzzer(shippedPolicy(), seed, STALL_MS)
  const startedMs = performance.now()
  process.stdout.write(`seed ${seed}, ${mutants} mutants\n`)
  for (let start = 0; start < mutants; start += CHUNK) {
    if (start % PROGRESS_EVERY === 0) progress(`\r${Math.floor((start / mutants) * 100)} %`)
    const finding = fuzzer.chunk(start, Math.min(start + CHUNK, mutants))
    if (finding !== undefined) return fail(finding)
  }
  progress('\r     \r')
  const counted = [...fuzzer.counts].toSorted(([, a], [, b]) => b - a)
  for (const [word, count] of counted) process.stdout.write(`${word} ${count}\n`)
  const seconds = Math.round((performance.now() - startedMs) / 1_000)
  process.stdout.write(`nothing broken in ${mutants} mutants, ${seconds} s\n`)
  return 0
}

function again(number: number): number {
  const fuzzer = createFuzzer(shippedPolicy(), seed, STALL_MS)
  const finding = fuzzer.chunk(number - (number % CHUNK), number + 1)
  if (finding !== undefined) return fail(finding)
  process.stdout.write(`mutant ${number} of seed ${seed}: nothing broken\n`)
  return 0
}

function fail(finding: Finding): number {
  progress('\n')
  process.stderr.write(`${findingText(finding, seed)}\n`)
  return 1
}

/** For people who wait, not for a pipe. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(text)
}

function numberOf(name: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  process.stderr.write(`--${name} ${text} is no whole number from 0\n`)
  process.exit(64)
}
