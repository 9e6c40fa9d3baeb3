/** The command line as a person meets it: the real program, in a process of its own. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

function forewarn(
  args: readonly string[],
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { promise, resolve } = Promise.withResolvers<{
    code: number
    stdout: string
    stderr: string
  }>()
  const child = execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
  })
  child.stdin?.end(input)
  return promise
}

test('a bare forewarn says what to do first', async () => {
  const { code, stdout } = await forewarn([])
  expect(code).toBe(0)
  expect(stdout).toContain('npx forewarn demo --for 30s')
})

test.each([
  [['replya'], 2, 'did you mean "replay"?'],
  [['run'], 2, "required option '--config <file>'"],
  [['replay', '-', '--until', 'tomorrow'], 2, 'is no RFC 3339 instant'],
  [['simulate', '--merchants', 'x', '--days', '1', '--seed', '1'], 2, 'is no whole number'],
  [['replay', 'no-such-file'], 1, 'there is no file no-such-file'],
  [['replay', '-', '--policy', 'no-such-policy'], 78, 'no-such-policy'],
] as const)('%j exits with %i', async (args, expected, says) => {
  const { code, stderr, stdout } = await forewarn(args)
  expect(stderr).toContain(says)
  expect(code).toBe(expected)
  expect(stdout).toBe('')
})

test('what is refused is counted by code, and with --strict the exit says so', async () => {
  const { code, stderr, stdout } = await forewarn(['replay', '-', '--strict'], '{bad\n')
  expect(code).toBe(3)
  expect(stderr).toContain('refused json-invalid: 1')
  expect(stdout).toBe('')
})
