import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends a run with one line for machines: `N passed, N failed`, and `, N skipped` where some were.
 * A file that could not be loaded and an error outside of any test count as one failed each.
 */
export function closingLine(write = (line: string) => void process.stdout.write(line)): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors, reason) {
      const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
      for (const module of modules) {
        const found = countTests(module)
        counts.passed += found.passed
        counts.failed += found.failed
        counts.skipped += found.skipped
      }
      // Nothing ran: a server that is required could not be had, or no file matched.
      if (reason === 'failed' && counts.failed === 0) counts.failed = 1
      const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`
      write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
    },
  }
}

function countTests(module: TestModule) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state !== 'pending') counts[state] += 1
  }
  if (module.state() === 'failed' && counts.failed === 0) counts.failed = 1
  return counts
}
