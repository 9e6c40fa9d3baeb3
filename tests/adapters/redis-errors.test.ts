import { ReplyError } from 'ioredis'
import { expect, test } from 'vitest'
import { redisError } from '../../src/adapters/redis-errors.ts'
import { Unavailable } from '../../src/core/ports.ts'

function reply(message: string): Error {
  const error: Error = new ReplyError(message)
  return Object.assign(error, { command: { name: 'evalsha', args: ['4111111111111111'] } })
}

test.for([
  ['OOM', "OOM command not allowed when used memory > 'maxmemory'."],
  ['OOM', 'ERR Error running script (call to f_1): @user_script:31: -OOM command not allowed'],
  [
    'BUSY',
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
  ],
  ['LOADING', 'LOADING Redis is loading the dataset in memory'],
  ['READONLY', "READONLY You can't write against a read only replica."],
  [
    'MISCONF',
    'MISCONF Redis is configured to save RDB snapshots, but it is unable to persist on disk.',
  ],
  ['NOREPLICAS', 'NOREPLICAS Not enough good replicas to write.'],
  ['MOVED', 'MOVED 3999 127.0.0.1:6381'],
  ['CLUSTERDOWN', 'CLUSTERDOWN The cluster is down'],
  ['NOAUTH', 'NOAUTH Authentication required.'],
  ['WRONGPASS', 'WRONGPASS invalid username-password pair or user is disabled.'],
  ['NOPERM', "NOPERM this user has no permissions to run the 'evalsha' command"],
] as const)('%s is a server that will be back: %s', ([word, message]) => {
  const error = redisError(reply(message))
  expect(error).toBeInstanceOf(Unavailable)
  expect(error.message).toBe(`Redis is away: ${word}`)
})

test('no answer is no verdict', () => {
  for (const message of ['Command timed out', 'Connection is closed.', 'read ECONNRESET']) {
    expect(redisError(new Error(message))).toBeInstanceOf(Unavailable)
  }
})

test('a refusal is a bug, and tells nothing of what was sent', () => {
  const message = "ERR unknown command 'X', with args beginning with: '4111111111111111' "
  const error = redisError(reply(message))
  expect(error).not.toBeInstanceOf(Unavailable)
  expect(error.message).toBe("Redis refused a command: ERR unknown command 'X'")
  const all = JSON.stringify(error, Object.getOwnPropertyNames(error))
  expect(all).not.toContain('4111')
})
