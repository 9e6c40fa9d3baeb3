/** The whole table: `node tests/faults/error-codes-main.ts [api …]`. Lines on stdout, 1 when one is bad. */
import { allCases, createErrorRig, isGood } from './error-codes.ts'
import type { Outcome } from './error-codes.ts'

const apis = process.argv.slice(2)
const cases = allCases().filter(({ api }) => apis.length === 0 || apis.includes(api))
const outcomes: Outcome[] = []
{
  await using rig = await createErrorRig()
  for (const its of cases) {
    const outcome = await rig.run(its)
    outcomes.push(outcome)
    process.stdout.write(`${lineOf(outcome)}\n`)
    if (process.stderr.isTTY) process.stderr.write(`\r${outcomes.length}/${cases.length} `)
  }
}
const bad = outcomes.filter((it) => !isGood(it) && it.fate !== 'unasked')
const count = (fate: Outcome['fate']): number => outcomes.filter((it) => it.fate === fate).length
const fates = (['progress', 'exit', 'unasked', 'stuck'] as const).map((it) => `${count(it)} ${it}`)
const slowest = Math.max(...outcomes.filter(isGood).map(({ seconds }) => seconds))
process.stdout.write(`${outcomes.length} cases: ${fates.join(', ')}; slowest ${slowest} s\n`)
process.exitCode = bad.length === 0 ? 0 : 1

function lineOf({ api, when, code, times, met, fate, exitCode, seconds, said }: Outcome): string {
  const what = `${api} ${when} ${code} x${times}`.padEnd(34)
  const end = fate === 'exit' ? `exit ${exitCode}` : fate
  return `${what} ${end.padEnd(9)} ${String(seconds).padStart(5)} s  met ${met}  ${said ?? ''}`
}
