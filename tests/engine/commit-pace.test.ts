import { describe, expect, test } from 'vitest'
import { createCommitPace } from '../../src/engine/commit-pace.ts'
import { ENGINE_DEFAULTS } from '../../src/engine/dependencies.ts'

const { commitEventsMax, commitBehindEventsMax, commitBehindAccountsMax, commitBehindOutboxMax } =
  ENGINE_DEFAULTS

type Size = Partial<Record<'events' | 'accounts' | 'outbox', number>>

function isFull(
  waiting: number,
  { events = 0, accounts = 0, outbox = 0 }: Size,
  limits = ENGINE_DEFAULTS,
): boolean {
  const pace = createCommitPace(limits, {
    ...{ position: () => 0, end: () => waiting },
    ...{ events: () => events, accounts: () => accounts, outbox: () => outbox },
  })
  return pace.isFull()
}

describe('at the end of the log', () => {
  test.each<[Size, boolean, string]>([
    [{ outbox: 1 }, true, 'something was said'],
    [{ events: commitEventsMax }, true, 'it holds enough events'],
    [{ events: commitEventsMax - 1, accounts: commitEventsMax - 1 }, false, 'it holds fewer'],
  ])('a commit of %o is full: %s, for %s', (size, wanted) => {
    expect(isFull(commitEventsMax, size)).toBe(wanted)
  })
})

describe('while more records wait than that', () => {
  test.each<[Size, boolean, string]>([
    [{ outbox: commitBehindOutboxMax - 1 }, false, 'what is said is late anyway'],
    [{ outbox: commitBehindOutboxMax }, true, 'enough was said'],
    [{ events: commitBehindEventsMax - 1 }, false, 'they may meet the same accounts'],
    [{ events: commitBehindEventsMax }, true, 'a crash would have too much folded again'],
    [{ accounts: commitBehindAccountsMax - 1 }, false, 'the store can take them'],
    [{ accounts: commitBehindAccountsMax }, true, 'the store would have too much to take at once'],
  ])('a commit of %o is full: %s, for %s', (size, wanted) => {
    expect(isFull(commitEventsMax + 1, size)).toBe(wanted)
  })

  test('it holds no more accounts than may be in memory', () => {
    const limits = { ...ENGINE_DEFAULTS, cachedAccountsMax: 1_000 }
    expect(isFull(commitEventsMax + 1, { accounts: 999 }, limits)).toBe(false)
    expect(isFull(commitEventsMax + 1, { accounts: 1_000 }, limits)).toBe(true)
  })
})
