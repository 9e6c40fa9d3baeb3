import { expect, test } from 'vitest'
import { SILENT } from '../../src/core/observer.ts'
import { Unavailable } from '../../src/core/ports.ts'
import type { Commit, CommitResult, Cursor } from '../../src/core/ports.ts'
import { createCommitQueue } from '../../src/engine/commit-queue.ts'

type Answer = 'done' | 'unclear' | Cursor

const cursor = (version: number, writer = 'w'): Cursor => ({ offset: version, version, writer })

function commitOf(version: number): Commit {
  const nothing = { fields: [], dueAdded: [], dueDropped: [], outboxAdded: [], outboxDropped: [] }
  return {
    expected: cursor(version - 1),
    next: cursor(version),
    meta: new Uint8Array(),
    ...nothing,
  }
}

/** A store that answers as told; without an answer left it never does. */
function queueOf(answers: Record<number, Answer[]>) {
  const sent: number[] = []
  const heard: string[] = []
  let nowMs = 0
  async function commit({ next }: Commit): Promise<CommitResult> {
    sent.push(next.version)
    const answer = answers[next.version]?.shift()
    if (answer === undefined) return new Promise(() => {})
    if (answer === 'unclear') throw new Unavailable('no reply')
    return answer === 'done' ? { kind: 'done' } : { kind: 'refused', current: answer }
  }
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: async () => {} }
  const rest = async (ms: number): Promise<boolean> => {
    nowMs += ms
    return true
  }
  const random = { writerId: () => 'w', fraction: () => 0 }
  const queue = createCommitQueue(
    { commit, clock, random, observer: SILENT, rest, inFlightMax: 2, giveUpMs: 30_000 },
    {
      committed: ({ next }) => heard.push(`committed ${next.version}`),
      changed: (state, cause) => heard.push(`${state}: ${cause}`),
      bug: (error) => heard.push(`bug ${String(error)}`),
    },
  )
  return { queue, sent, heard, nowMs: () => nowMs }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('has two on their way and keeps the third back', async () => {
  const { queue, sent } = queueOf({})
  for (const version of [1, 2, 3]) queue.put(commitOf(version))
  await settle()
  expect(sent).toEqual([1, 2])
})

test('sends the same again when no reply came, and takes its own cursor for done', async () => {
  const { queue, sent, heard } = queueOf({ 1: ['unclear', cursor(1)] })
  queue.put(commitOf(1))
  await settle()
  expect(sent).toEqual([1, 1])
  expect(heard).toEqual(['unclear: no reply', 'committed 1', 'ok: answered'])
})

test('a later commit that is done proves the earlier one', async () => {
  const { queue, heard } = queueOf({ 1: ['unclear', cursor(2)], 2: ['done'] })
  queue.put(commitOf(1))
  queue.put(commitOf(2))
  await settle()
  expect(heard.filter((it) => it.startsWith('committed'))).toEqual(['committed 1', 'committed 2'])
  expect(queue.state()).toBe('ok')
})

test('refused behind an unclear one is not lost: both go again, in order', async () => {
  const { queue, sent, heard } = queueOf({ 1: ['unclear', 'done'], 2: [cursor(0), 'done'] })
  queue.put(commitOf(1))
  queue.put(commitOf(2))
  await settle()
  expect(sent).toEqual([1, 2, 1, 2])
  expect(heard.at(-1)).toBe('committed 2')
})

test.each<[shows: string, current: Cursor]>([
  ['a foreign writer', cursor(1, 'zombie')],
  ['a store that lost commits', cursor(-3)],
])('is lost at %s, and sends nothing more', async (_shows, current) => {
  const { queue, sent, heard } = queueOf({ 1: [current], 2: [current] })
  queue.put(commitOf(1))
  queue.put(commitOf(2))
  queue.put(commitOf(3))
  await settle()
  expect(sent).toEqual([1, 2])
  expect(heard).toEqual(['lost: refused'])
  expect(await queue.settled()).toBe(false)
})

test('gives up after 30 s without a reply', async () => {
  const { queue, heard, nowMs } = queueOf({ 1: Array<Answer>(100).fill('unclear') })
  queue.put(commitOf(1))
  await settle()
  expect(heard).toEqual(['unclear: no reply', 'lost: unclear'])
  expect(nowMs()).toBeGreaterThan(30_000)
  expect(nowMs()).toBeLessThan(33_000)
})

test('has no room while replies are owed, and says so when that will last', async () => {
  const { queue } = queueOf({ 1: [], 2: ['unclear'] })
  queue.put(commitOf(1))
  expect(await Promise.race([queue.room(), settle()])).toBeUndefined()
  queue.put(commitOf(2))
  await queue.room()
  expect(queue.state()).toBe('unclear')
})
