/** Redis: one script that compares and writes (`redis-commit.lua.ts`), and commits that arrive late. */
import type { Settings } from './settings.ts'
import type { Commit, Cursor, Entry, Store, World } from './world.ts'

const NO_CURSOR: Cursor = { offset: 0, version: 0, writer: 0 }
export const EMPTY_STORE: Store = {
  cursor: NO_CURSOR,
  accounts: ['', ''],
  outbox: [],
  sequence: 0,
  mark: 0,
  clock: 0,
}

export function isSame(a: Cursor, b: Cursor): boolean {
  return a.offset === b.offset && a.version === b.version && a.writer === b.writer
}

function isExpected(it: Settings, stored: Cursor, expected: Cursor): boolean {
  if (it.defect === 'no compare') return true
  if (it.defect === 'compare without writer')
    return isSame({ ...stored, writer: 0 }, { ...expected, writer: 0 })
  if (it.defect === 'compare without version') {
    return isSame({ ...stored, version: 0 }, { ...expected, version: 0 })
  }
  return isSame(stored, expected)
}

/** Absolute values: HSET and HDEL by account and by sequence, the cursor last. Refused: unchanged. */
export function executed(it: Settings, world: World, commit: Commit): World {
  const { store } = world
  if (!isExpected(it, store.cursor, commit.expected)) return world
  const { next, sequence, mark, clock, added, dropped } = commit
  const accounts = store.accounts.map((stored, at) => commit.accounts[at] ?? stored)
  const outbox = withoutDropped(withAdded(store.outbox, added), dropped)
  let { everStored } = world
  for (const { id } of added) if (!everStored.includes(id)) everStored = sorted(everStored + id)
  const written = { cursor: next, accounts, outbox, sequence, mark, clock }
  return { ...world, store: written, everStored }
}

function withAdded(outbox: readonly Entry[], added: readonly Entry[]): readonly Entry[] {
  if (added.length === 0) return outbox
  const others = outbox.filter((entry) => added.every((it) => it.sequence !== entry.sequence))
  return [...others, ...added].toSorted((a, b) => a.sequence - b.sequence)
}

function withoutDropped(outbox: readonly Entry[], dropped: readonly number[]): readonly Entry[] {
  return dropped.length === 0 ? outbox : outbox.filter((it) => !dropped.includes(it.sequence))
}

export function sorted(ids: string): string {
  return [...ids].toSorted().join('')
}

/** A late copy whose cursor can never stand in the store again may as well not be there. */
export function withoutDead(it: Settings, world: World): World {
  let next = world
  if (it.defect !== 'no fence' && world.lateSends.some((send) => send.epoch < world.outputEpoch)) {
    const lateSends = world.lateSends.filter((send) => send.epoch >= world.outputEpoch)
    next = { ...next, lateSends }
  }
  const isComparing = it.defect === undefined || !it.defect.includes('compare')
  if (!isComparing || world.lateCommits.length === 0) return next
  const lateCommits = world.lateCommits.filter((late, at) => mayMatch(world, late, at))
  return lateCommits.length === world.lateCommits.length ? next : { ...next, lateCommits }
}

function mayMatch(world: World, late: Commit, at: number): boolean {
  const { expected } = late
  if (world.lateCommits.findIndex((it) => it === late || isTwin(it, late)) < at) return false
  if (isSame(world.store.cursor, expected)) return true
  if (world.saved !== undefined && isSame(world.saved.cursor, expected)) return true
  if (expected.version === 0 && world.left.empty > 0) return true
  if (world.lateCommits.some((it) => isSame(it.next, expected))) return true
  return world.lives.some((life) => life?.queue.some(({ commit }) => isSame(commit.next, expected)))
}

/** A life sends the same bytes again: the same cursor is the same commit. */
function isTwin(a: Commit, b: Commit): boolean {
  return isSame(a.next, b.next) && isSame(a.expected, b.expected)
}
