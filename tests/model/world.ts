/** What the model is about: one partition, its log, its place in the store, its output, two processes. */

/** As in `core/ports.ts`; version 0: none is stored. Writers are numbers. */
export type Cursor = Readonly<{ offset: number; version: number; writer: number }>
/** An id is the letter of the input that caused the warning: see `fold.ts`. */
export type Entry = Readonly<{ sequence: number; id: string }>

/** `redis-commit.lua.ts`, KEYS 1 to 4, and of the meta what the protocol uses. */
export type Store = Readonly<{
  cursor: Cursor
  accounts: readonly string[]
  outbox: readonly Entry[]
  sequence: number
  /** Where reading back begins. */
  mark: number
  clock: number
}>

/** The bytes of one commit: `open-batch.ts`, `take`. */
export type Commit = Readonly<{
  expected: Cursor
  next: Cursor
  accounts: readonly (string | undefined)[]
  added: readonly Entry[]
  dropped: readonly number[]
  sequence: number
  mark: number
  clock: number
}>

/** `commit-queue.ts`. On its way (sent as the first in the queue, or not), or to be sent again. */
export type Sending = Readonly<{ commit: Commit; way: 'first' | 'second' | 'again' }>

/** `relay.ts`. */
export type Relay = Readonly<{
  pending: readonly Entry[]
  /** How far the fence has come; 3: opened. */
  stage: 0 | 1 | 2 | 3
  epoch: number
  present: string
  /** `markNow`. */
  here: number
  /** Entries being sent, counted from the first pending; 0: none. */
  sending: number
  /** Of these, what the output did not hold. */
  missing: string
  acknowledged: readonly number[]
  mark: number
  toldAgainBelow: number
  /** Wall at which the output was opened. */
  openedAt: number
}>

/** `life-state.ts` and what `life.ts` keeps beside it. */
export type Life = Readonly<{
  writer: number
  /** Of the commit built last, or as found when the life began. */
  cursor: Cursor
  position: number
  clock: number
  /** Undefined: not read yet. */
  accounts: readonly (string | undefined)[]
  /** Read, and not yet known to be ours: account and value. */
  reading: Readonly<{ account: number; value: string }> | undefined
  sequence: number
  queue: readonly Sending[]
  isUnclear: boolean
  relay: Relay
  proof: Readonly<{ wall: number; end: number }> | undefined
  provenWall: number
  startedAt: number
}>

export type Produce = Readonly<{ epoch: number; ids: string }>

/** How often each may still happen. */
export type Faults = Readonly<{
  /** A process dies, or loses the partition. */
  crash: number
  /** A commit gets no reply: never arrived, done, or done late. */
  commit: number
  /** The second of two commits overtakes the first. */
  reorder: number
  /** A send gets no reply: never arrived, in part, done, or done late. A fence that is interrupted. */
  produce: number
  /** An earlier true state of Redis comes back. */
  rollback: number
  /** Redis is empty. */
  empty: number
}>

export type World = Readonly<{
  store: Store
  /** An earlier state of the store that may come back. */
  saved: Store | undefined
  /** Of the coordinator; of the newest marker or record in the output. */
  epoch: number
  outputEpoch: number
  output: string
  /** Arrival of each record that was appended. */
  log: readonly number[]
  wall: number
  lives: readonly [Life | undefined, Life | undefined]
  /** On their way without anybody who waits for the reply. */
  lateCommits: readonly Commit[]
  lateSends: readonly Produce[]
  left: Faults
  /** Ids that were ever in the store. Only the checks look at it. */
  everStored: string
}>

export type Who = 0 | 1

export function withLife(world: World, who: Who, life: Life | undefined): World {
  const { lives } = world
  return { ...world, lives: who === 0 ? [life, lives[1]] : [lives[0], life] }
}
