/**
 * `npm run chaos -- [flags]`, of which `--help` tells: exit code 1 where anything is missing, doubled or
 * false.
 */
import { writeFileSync } from 'node:fs'
import { readOptions } from './options.ts'
import { faultsOf, reportText, rowsOf } from './report.ts'
import { runChaos } from './run.ts'

const args = process.argv.slice(2)
const options = readOptions(args, process.env)
if (options === undefined) process.exit(args.includes('--help') ? 0 : 2)
process.stdout.write(`seed ${options.seed}\n`)

function tell(line: string): void {
  if (process.stderr.isTTY || process.env['CHAOS_VERBOSE']) process.stderr.write(`${line}\n`)
}

const findings = await runChaos(options, tell)
const faults = faultsOf(findings)
process.stdout.write(`\n${reportText(findings)}\n`)
for (const words of findings.lastWords) tell(words)
if (options.jsonFile !== undefined) {
  const all = { ...findings, rows: rowsOf(findings), faults }
  writeFileSync(options.jsonFile, `${JSON.stringify(all, undefined, 2)}\n`)
}
for (const fault of faults) process.stderr.write(`${fault}\n`)
if (faults.length > 0) process.stderr.write(`again: --seed ${options.seed}\n`)
process.exit(faults.length > 0 ? 1 : 0)
