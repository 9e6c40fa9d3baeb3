import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

test.each([
  ["test('a', () => {}); test.skip('b', () => {})", '1 passed, 0 failed, 1 skipped', 0, 'a skip'],
  ["test('a', () => { throw Error('x') }); test('b', () => {})", '1 passed, 1 failed', 1, 'a test'],
  ["throw new Error('x')", '0 passed, 1 failed', 1, 'a file that does not load'],
  [
    "test('a', () => { void Promise.reject(Error('x')) })",
    '1 passed, 1 failed',
    1,
    'a stray error',
  ],
])('%s → %s, exit code %i (%s)', (body, line, status, _shows) => {
  const run = runSuite(body)
  const lines = run.stdout.split('\n').filter((it) => / passed, /.test(it))
  expect([lines, run.status]).toEqual([[line], status])
})

/** A vitest of its own over one file, with nothing of ours but the closing line. */
function runSuite(body: string) {
  // Inside the repository, where `vitest` is found.
  const folder = mkdtempSync(join(resolve('node_modules'), '.closing-line-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.check.ts'), `import { test } from 'vitest'\n${body}\n`)
  const reporter = JSON.stringify(resolve('tests/support/closing-line.ts'))
  const config = `import { closingLine } from ${reporter}
    export default { test: { include: ['*.check.ts'], exclude: [], reporters: ['default', closingLine()] } }`
  writeFileSync(join(folder, 'vitest.config.ts'), config)
  const args = [resolve('node_modules/vitest/vitest.mjs'), 'run', '--root', folder]
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), NO_COLOR: '1' }
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env })
}
