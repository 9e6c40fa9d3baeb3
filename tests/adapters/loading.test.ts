import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// vitest forgives named imports that a CommonJS package does not have; Node does not.
test('every adapter loads in Node itself', async () => {
  const folder = join(import.meta.dirname, '../../src/adapters')
  const files = readdirSync(folder).map((file) => join(folder, file))
  const script = `for (const file of ${JSON.stringify(files)}) await import(file)`
  const { stderr } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ])
  expect(stderr).not.toContain('Error')
})
