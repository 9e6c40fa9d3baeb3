#!/usr/bin/env node
// Starts src/main.ts under the pinned Node, whatever Node the machine has.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const MINIMUM = 26

if (Number.parseInt(process.versions.node, 10) >= MINIMUM) {
  await import('../src/main.ts')
} else {
  const { pinnedNode, setUp } = await import('../scripts/setup.mjs')
  const failed = existsSync(pinnedNode) ? 0 : setUp()
  if (failed) process.exit(failed)
  runUnder(pinnedNode)
}

/** The same streams, signals and exit code: nobody can tell that there are two processes. */
function runUnder(node) {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends its SIGINT to both; passing it on would make it two, and two mean "force".
  const passOn = hasTerminal() ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of passOn) process.on(signal, () => child.kill(signal))
  if (!passOn.includes('SIGINT')) process.on('SIGINT', () => {})
  child.on('error', (error) => {
    console.error(error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function hasTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
